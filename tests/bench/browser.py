"""Uploads through a browser for tests/bench/run: ours and npm's playwright-core (clients/playwright.js), the same steps
in the same practice YouTube Studio, in turns; what each costs besides the browser, which both only drive."""
import os
import shutil
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

import peers
import whole

PAIRS = 5
SIZE = 100 << 20
SPARSE = 3 << 30
PLAYWRIGHT = ("playwright-core", "1.65.1")
CAPTION = "What is measured, in turns #short"


@dataclass
class Cost:
    wall: float  # seconds
    cpu: float  # seconds, of the process alone
    peak: int  # bytes, of the process alone


def own_cost(command, folder):
    """What the process itself uses, without the browser: wait4() would count children that it has waited for."""
    start = time.monotonic()
    with open(Path(folder) / "said", "w") as said:
        process = subprocess.Popen(command, cwd=folder, stdin=subprocess.DEVNULL, stdout=said, stderr=said)
    peak = 0
    ended = os.WEXITED | os.WNOWAIT | os.WNOHANG
    while os.waitid(os.P_PID, process.pid, ended) is None:
        for line in Path(f"/proc/{process.pid}/status").read_text().splitlines():
            if line.startswith("VmHWM:"):  # only grows; gone once the process has ended
                peak = int(line.split()[1]) * 1024
        time.sleep(0.01)
    wall = time.monotonic() - start
    fields = Path(f"/proc/{process.pid}/stat").read_text().rpartition(")")[2].split()  # of what is not waited for yet
    if process.wait() != 0:
        raise SystemExit(f"failed: {' '.join(map(str, command))}\n{(Path(folder) / 'said').read_text()}")
    return Cost(wall, (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK"), peak)


class Studio:
    """A library whose YouTube goes through the browser, and the practice server it goes to."""

    def __init__(self, program, folder):
        self.folder = Path(folder)
        self.folder.mkdir()
        self.practice = whole.Practice(program, self.folder / "practice")
        self.ours = [program, "--home", self.folder / "library", "--practice", self.practice.url]
        self.command("accounts", "route", "YouTube", "browser")
        self.videos = 0

    def command(self, *arguments):
        subprocess.run([*self.ours, *arguments], check=True, stdout=subprocess.DEVNULL)

    def upload(self, video):
        """The cost of an upload of a video that was never sent."""
        self.videos += 1
        name = f"video{self.videos}"
        self.command("register", video, "--id", name, "--allow-duplicates")
        cost = own_cost([*self.ours, "upload", name, "YouTube", "--title", "Measured", "--caption", CAPTION], self.folder)
        self.posted(video)
        return cost

    def posted(self, video):
        posts = self.practice.posts()
        if [post["size"] for post in posts] != [video.stat().st_size] or posts[0]["caption"] != CAPTION:
            raise SystemExit(f"not what was to be posted: {posts}")
        self.practice.forget()

    def stop(self):
        self.practice.stop()
        shutil.rmtree(self.folder)


def pairs(program, folder, installed):
    """Costs of our uploads and of Playwright's; instead of the latter why there are none, as a text."""
    node = peers.npm(installed, *PLAYWRIGHT, "playwright.js")
    studio = Studio(program, Path(folder) / "browser")
    try:
        video = studio.folder / "video.mp4"
        ours, theirs = [], []
        peer = [*node, studio.practice.url, studio.folder / "profile", video, "Measured", CAPTION]
        for _ in range(1 + PAIRS):  # the first one makes the profiles
            whole.make_video(video, SIZE)
            ours.append(studio.upload(video))
            if isinstance(node, str):
                continue
            theirs.append(own_cost(peer, installed))
            studio.posted(video)
        return ours[1:], node if isinstance(node, str) else theirs[1:]
    finally:
        studio.stop()


def sparse(program, folder):
    """The cost of an upload of a huge file without content."""
    studio = Studio(program, Path(folder) / "sparse")
    try:
        video = studio.folder / "video.mp4"
        whole.make_video(video, 0)
        os.truncate(video, SPARSE)
        return studio.upload(video)
    finally:
        studio.stop()
