"""What the tortures share: a practice server that survives on its folder, and a lane, which is a library with uploads that
are killed until each is through, and is then held against what the practice platforms really made."""
import collections, hashlib, json, os, random, sqlite3, struct, subprocess, time, traceback, urllib.request

PLATFORMS = ["Instagram", "TikTok", "YouTube"]
CONFIG = {"upload": {"backoff_first_ms": 2, "backoff_max_ms": 20, "transient_tries": 5, "stall_timeout_s": 2},
          "TikTok": {"poll_total_s": 1}, "Instagram": {"poll_total_s": 1}}


class Practice:
    """One practice server on a folder, which survives it."""

    def __init__(self, program, folder):
        self.program, self.folder, self.process, self.port = program, folder, None, "0"
        self.start()

    def start(self):
        """On the port it had. A connection somebody makes meanwhile may have it for a moment: then once more."""
        for _ in range(100):
            self.process = subprocess.Popen([self.program, "practice", "--port", self.port, "--dir", self.folder],
                                            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
            if line := self.process.stdout.readline():
                break
            said = self.process.communicate()[1]
            time.sleep(0.2)
        else:
            raise AssertionError(f"the practice server does not start: {said}")
        self.url = line.split()[-1]
        self.port = self.url.rsplit(":", 1)[-1]

    def kill(self):
        self.process.kill()
        self.process.communicate()

    def call(self, path, method="GET", body=None):
        request = urllib.request.Request(self.url + path, method=method,
                                         data=None if body is None else json.dumps(body).encode())
        with urllib.request.urlopen(request, timeout=30) as answer:
            return json.load(answer)


class Lane:
    """One thread's. What is killed, and when, is its kind's: strike() and fault()."""
    BATCH = 8  # videos registered at a time
    SIZES = [1_000, 60_000, 300_000, 900_000, 1_500_000]
    FIRST_GUESS = 0.25  # seconds of an undisturbed upload

    def __init__(self, program, folder, seed, platforms, base_video):
        self.program, self.folder, self.rng = program, folder, random.Random(seed)
        self.platforms, self.base = platforms, base_video
        self.library = os.path.join(folder, "library")
        os.makedirs(os.path.join(self.library, "config"))
        with open(os.path.join(self.library, "config", "platforms.json"), "w") as file:
            json.dump(CONFIG, file)
        self.practice = Practice(program, os.path.join(folder, "practice"))
        self.problem, self.log = None, []
        self.made = 0  # videos so far
        self.sums, self.open = {}, []  # of the batch: checksum and size by video; uploads that have not ended
        self.tally = collections.Counter()
        self.usual = collections.defaultdict(lambda: self.FIRST_GUESS)  # by platform

    # ---- the program

    def command(self, *arguments):
        return [self.program, "--home", self.library, "--practice", self.practice.url, "--json", *arguments]

    def run(self, *arguments):
        done = subprocess.run(self.command(*arguments), capture_output=True, text=True, timeout=120)
        return done.returncode, json.loads(done.stdout) if done.stdout.strip() else None, done.stderr

    def upload(self, job):
        return self.command("upload", *job, "--force")

    def more_videos(self, count):
        """Registers so many; each gets bytes of its own in a box that players skip."""
        folder = os.path.join(self.folder, "videos", str(self.made))
        os.makedirs(folder)
        self.sums = {}
        for _ in range(count):
            self.made += 1
            name = f"clip{self.made:05}"
            payload = self.rng.randbytes(self.rng.choice(self.SIZES))
            content = self.base + struct.pack(">I4s", len(payload) + 8, b"free") + payload
            with open(os.path.join(folder, name + ".mp4"), "wb") as file:
                file.write(content)
            if words := self.words(name):
                with open(os.path.join(folder, name + ".json"), "w") as file:
                    json.dump(words, file)
            self.sums[name] = (hashlib.sha256(content).hexdigest(), len(content))
            self.open += [(name, platform) for platform in self.platforms]
        code, _, said = self.run("register", folder)
        assert code == 0, said

    def words(self, _name):
        """What the post of a video says, where that is more than the name of its file."""
        return None

    # ---- ground truth

    def posts(self):
        made = collections.defaultdict(list)
        for post in self.practice.call("/practice/posts"):
            made[post["platform"], post["sha256"]].append(post)
        return made

    def database(self):
        """Not only to be read: who may only read believes the log's index as a killed writer left it, and may miss the last
        commit."""
        return sqlite3.connect(f"file:{self.library}/practice/database/videos.db?mode=rw", uri=True)

    def rows(self):
        with self.database() as db:
            return {(video, platform): (status, post_id, error) for video, platform, status, post_id, error in
                    db.execute("SELECT video_id, platform, upload_status, platform_post_id, error_message"
                               " FROM video_uploads")}

    # ---- one try

    def strike(self, job):
        """Uploads, and kills; how many kills struck something alive."""
        raise NotImplementedError

    def fault(self, job):
        """What the practice platform is to do wrong next."""
        raise NotImplementedError

    def disturb(self, job):
        if self.rng.random() < 0.65:
            self.practice.call("/practice/faults", "POST", dict(self.fault(job), platform=job[1]))
            self.tally["faults set"] += 1
        if self.rng.random() < 0.05:
            self.practice.call("/practice/faults", "DELETE")

    def sessions(self, job):
        """Those of its uploads; a studio calls them by the file's name."""
        return [s for s in self.practice.call("/practice/sessions")
                if (s["title"].removesuffix(".mp4"), s["platform"]) == job]

    def bytes_received(self, job):
        latest = self.sessions(job)
        if not latest:
            return "before a session"
        received, size = latest[-1]["bytes_received"], latest[-1]["size"]
        if latest[-1]["post_id"]:
            return "after the post"
        return "no byte" if received == 0 else "all bytes" if received == size else "part of the bytes"

    def answer_questions(self, job):
        """What only a person can tell, told by the ground truth, once the platform has done with what it was sent: a
        person who looks while bytes are still on their way could not know, either."""
        while any(session["receiving"] for session in self.sessions(job)):
            time.sleep(0.05)
        found = self.posts()[job[1], self.sums[job[0]][0]]
        answer = ["live", "--post-id", found[0]["post_id"]] if found else ["not-live"]
        code, _, said = self.run("settle", *job, *answer)
        assert code == 0, said
        self.tally["a person was asked"] += 1

    def torment(self, kills, stop):
        """Until the batch is uploaded, or nothing is left to kill; what is left of `kills`."""
        while self.open and kills > 0 and not stop.is_set():
            job = self.rng.choice(self.open)
            struck = self.strike(job)
            kills -= struck
            self.tally["kills"] += struck
            status, _, error = self.rows().get(job, ("", None, None))
            if status == "SUCCESS":
                self.open.remove(job)
            elif status == "BLOCKED" or (status == "IN_PROGRESS" and self.rng.random() < 0.1):
                self.answer_questions(job)
        return kills

    def finish(self):
        self.practice.call("/practice/faults", "DELETE")
        for job in list(self.open):
            for _ in range(6):
                code, result, said = self.run("upload", *job, "--force")
                status = self.rows().get(job, ("",))[0]
                if status in ("BLOCKED", "IN_PROGRESS"):  # what the platform does not tell, a person does
                    self.answer_questions(job)
                elif status == "SUCCESS":
                    break
            else:
                raise AssertionError(f"{job} is {status} even without faults: {said}")
        self.open = []

    def verify(self):
        posts, rows = self.posts(), self.rows()
        for (platform, checksum), made in posts.items():
            assert len(made) == 1, f"{len(made)} posts of {checksum} on {platform}: {made}"
        for job in [(video, platform) for video in self.sums for platform in self.platforms]:
            status, post_id, note = rows.get(job, ("none", None, None))
            made = posts.get((job[1], self.sums[job[0]][0]), [])
            assert status == "SUCCESS", f"{job} is {status}"
            if not made and note:  # the platform failed at it after it had said yes; the second look found out
                self.tally["failed later, and noted on the row"] += 1
                continue
            assert made and made[0]["post_id"] == post_id, f"{job} says post {post_id}, there is {made}"
        with self.database() as db:
            assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        self.tally["posts"] += len(posts)

    def round(self, videos, kills, stop):
        """Some videos from their registration to the end; what is left of `kills`."""
        self.more_videos(videos)
        kills = self.torment(kills, stop)
        if stop.is_set():  # another lane has failed
            return 0
        self.finish()
        self.verify()
        self.practice.call("/practice/reset", "POST", {})
        return kills

    def live_through(self, kills, stop):
        while kills > 0 and not stop.is_set():
            kills = self.round(self.BATCH, kills, stop)

    def live(self, kills, stop):
        try:
            self.live_through(kills, stop)
        except Exception:
            self.problem = traceback.format_exc()
            stop.set()
        finally:
            self.log = self.practice_log()
            self.practice.kill()

    def practice_log(self):
        try:
            return self.practice.call("/practice/log")[-60:]
        except OSError:
            return []


def base_video(folder):
    path = os.path.join(folder, "base.mp4")
    subprocess.run(["ffmpeg", "-v", "error", "-nostdin", "-f", "lavfi", "-i", "testsrc2=size=64x64:rate=25:duration=4",
                    "-c:v", "mpeg4", path], check=True)
    with open(path, "rb") as file:
        return file.read()
