"""Uploads through a browser, which is killed as well as the program: by its main process, by its tab, by the site."""
import json, os, signal, string, subprocess, time

from lane import Lane

VICTIMS = {"the program": 50, "the browser": 20, "the tab": 17, "the practice server": 13}
OUTLIVES = 10  # seconds that a browser may live on, on a busy machine, after the program was killed
GIVES_UP = 15  # more, for a child that it had just begun: so long Chromium's wait for the browser to speak to them
PATIENCE = 25  # seconds that the program may take to find out that something else was killed
MADE = {"handle": "handle IS NOT NULL", "point of no return": "maybe_published"}  # columns of an attempt


def faults_for(platform, rng, size):
    """What may go wrong in a studio, and how often; most of it lasts a while, so that a kill can strike meanwhile."""
    lasts = round(rng.uniform(0.3, 3), 1)
    common = [
        (5, {"kind": "web_no_answer"}), (4, {"kind": "web_lost"}), (4, {"kind": "web_accepted"}),
        (3, {"kind": "web_unconfirmed"}), (2, {"kind": "web_refused"}), (2, {"kind": "web_under_review"}),
        (3, {"kind": "web_slow_checks", "seconds": lasts}), (2, {"kind": "web_tour", "seconds": lasts}),
        (2, {"kind": "web_cookies"}), (2, {"kind": "web_overlay"}), (1, {"kind": "web_dialog"}),
        (1, {"kind": "web_crash", "seconds": lasts}), (1, {"kind": "web_upload_stalls"}), (1, {"kind": "web_guard"}),
        (1, {"kind": "web_layout_b", "times": 4}), (1, {"kind": "web_verify"}), (1, {"kind": "web_limit"}),
        (6, {"kind": "slow", "bytes_per_second": max(1, int(size / lasts))}),
        (2, {"kind": "reset", "at_byte": rng.randrange(size)}), (1, {"kind": "stall", "at_byte": 0, "seconds": 1}),
    ]
    own = {
        "YouTube": [(2, {"kind": "web_late_title", "seconds": lasts})],
        "TikTok": [(1, {"kind": kind}) for kind in ("web_draft_banner", "web_checks_offer", "web_continue", "web_pinned")],
        "Instagram": [(1, {"kind": "web_pinned"})],
    }
    weights, kinds = zip(*(common + own[platform]))
    return rng.choices(kinds, weights)[0]


def shortcode(number):
    """What Instagram's pages call a post."""
    letters = string.ascii_uppercase + string.ascii_lowercase + string.digits + "-_"
    return "".join(letters[number >> 6 * place & 63] for place in reversed(range(11)))


class BrowserLane(Lane):
    """A visit without any trouble comes first, as a person signs in before, and one comes last: the session still works."""
    BATCH = 2
    SIZES = [1_000, 60_000, 300_000, 900_000]
    FIRST_GUESS = 6

    def __init__(self, *arguments):
        super().__init__(*arguments)
        with open(os.path.join(self.library, "config", "destinations.json"), "w") as file:
            json.dump({platform: {"route": "browser"} for platform in self.platforms}, file)
        self.accounts = {}  # who is signed in, by platform, as the posts say
        self.longest = 0  # that a browser outlived the program

    def fault(self, job):
        return faults_for(job[1], self.rng, self.sums[job[0]][1])

    def words(self, name):
        """Some posts say the same as others."""
        title = self.rng.choice([name, "One of the same"])
        return {"caption": f"{title}\n\n#torture", "YouTube": {"title": title}}

    def live_through(self, kills, stop):
        self.round(1, 0, stop)
        super().live_through(kills, stop)
        if not stop.is_set():
            self.round(1, 0, stop)
            print(f"browsers ended within {self.longest:.1f} s", flush=True)

    def posts(self):
        made = super().posts()
        for (platform, _), posts in made.items():
            for post in posts:
                if platform == "Instagram":
                    post["post_id"] = shortcode(int(post["post_id"]))
                account = self.accounts.setdefault(platform, post["request"]["account"])
                assert post["request"]["account"] == account, f"the session of {platform} was lost: {post}"
        return made

    # ---- processes

    def processes(self, *marks):
        """Those of this lane's program and its browsers, whose command lines hold all `marks`; ended ones have none."""
        found = []
        for pid in filter(str.isdigit, os.listdir("/proc")):
            try:
                with open(f"/proc/{pid}/cmdline", "rb") as file:
                    line = file.read().decode(errors="replace")
            except OSError:
                continue
            if all(mark in line for mark in (self.library, *marks)):
                found.append((int(pid), line))
        return found

    def bury(self):
        """Whoever lives on without the program that started it is an orphan."""
        began = time.monotonic()
        while left := self.processes():
            lived = time.monotonic() - began
            patience = OUTLIVES + GIVES_UP * all("--type=" in line for _, line in left)
            assert lived < patience, f"{len(left)} orphans after {lived:.1f} s: {left}"
            time.sleep(0.02)
            self.longest = max(self.longest, lived)

    def kill_one(self, victim, choice):
        """False: there was none."""
        if victim == "the practice server":
            self.practice.kill()
            return True
        mark = "--type=renderer" if victim == "the tab" else "--remote-debugging-pipe"
        other = "--top-chrome-webui" if victim == "the tab" else "--type="  # of the browser's own face; its children
        found = [pid for pid, line in self.processes(mark) if other not in line]
        if not found:
            return False
        try:
            os.kill(found[int(choice * len(found))], signal.SIGKILL)
        except ProcessLookupError:
            return False
        return True

    # ---- one try

    def attempt(self, job, what="id", after=0):
        with self.database() as db:
            row = db.execute(f"SELECT id, {what} FROM asfs_attempts WHERE video_id = ? AND platform = ? AND id > ?"
                             " ORDER BY id DESC LIMIT 1", (*job, after)).fetchone()
        return row or (0, 0)

    def moment(self, job):
        """When to kill: what has to be there first, and the longest wait after it."""
        moments = {"any time": (lambda: True, 1.15 * self.usual[job[1]])}
        if not self.attempt(job, "maybe_published")[1]:  # else it is a look-up
            before, sessions = self.attempt(job)[0], len(self.sessions(job))
            for name, column in MADE.items():
                moments[name] = (lambda column=column: self.attempt(job, column, before)[1], 0.4)
            moments["session"] = (lambda: len(self.sessions(job)) > sessions, 2.5)
            moments["post"] = (lambda: bool(self.sessions(job)) and self.sessions(job)[-1]["post_id"], 0.6)
        name = self.rng.choice(list(moments))
        return name, *moments[name]

    def strike(self, job):
        """Starts an upload and kills something of it at some moment; then what is left of it ends, or is killed."""
        self.disturb(job)
        name, has_come, longest = self.moment(job)
        victim = self.rng.choices(list(VICTIMS), VICTIMS.values())[0]
        wait, choice, both, later = (self.rng.random() for _ in range(4))
        started, kills = time.monotonic(), 0
        process = subprocess.Popen(self.upload(job), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        while process.poll() is None and not has_come():
            time.sleep(0.02)
            if time.monotonic() > started + PATIENCE:
                name = "held up"
                break
        self.wait(process, wait * longest)
        if process.poll() is not None:
            self.usual[job[1]] = 0.8 * self.usual[job[1]] + 0.2 * (time.monotonic() - started)
        elif victim != "the program":
            if self.kill_one(victim, choice):
                kills += 1
                self.tally[f"killed: {victim}"] += 1
            self.wait(process, later * 2 if both < 0.25 else 0 if victim == "the practice server" else PATIENCE)
            if victim == "the practice server":
                time.sleep(later)
                self.practice.start()
                self.wait(process, PATIENCE)
        if process.poll() is None:
            kills += 1
            self.tally["killed: the program"] += 1
        process.kill()
        process.wait()
        if kills:
            self.tally[f"killed at: {name}; then {self.bytes_received(job)}"] += 1
        if self.rng.random() < 0.7:  # else the next upload finds a browser that is still ending
            self.bury()
        return kills

    @staticmethod
    def wait(process, seconds):
        try:
            process.wait(seconds)
        except subprocess.TimeoutExpired:
            pass

    def finish(self):
        self.bury()
        super().finish()
        self.bury()
