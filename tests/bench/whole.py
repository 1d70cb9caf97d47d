"""Measurements of whole processes for tests/bench/run: an upload of 1 GB against curl, and the start of the window."""
import json
import os
import re
import shutil
import subprocess
import time
import urllib.request
from pathlib import Path

ROUNDS = 5
GIGABYTE = 1 << 30


class Practice:
    """`asfs-videos practice` as a process of its own, with an empty folder."""

    def __init__(self, program, folder):
        self.folder = folder
        self.process = subprocess.Popen([program, "practice", "--port", "0", "--dir", folder], stdout=subprocess.PIPE,
                                        stderr=subprocess.DEVNULL, text=True)
        self.url = self.process.stdout.readline().split()[-1]
        self.token = json.load(urllib.request.urlopen(self.url + "/practice/token?platform=YouTube"))["access_token"]

    def new_session(self):
        request = urllib.request.Request(
            self.url + "/upload/youtube/v3/videos?uploadType=resumable&part=snippet", method="POST",
            data=b'{"snippet": {"title": "measured"}}',
            headers={"Authorization": "Bearer " + self.token, "Content-Type": "application/json"})
        return urllib.request.urlopen(request).headers["Location"]

    def curl(self, video):
        """The command that sends the file to a session of its own."""
        return ["curl", "-sf", "-T", video, "-H", "Authorization: Bearer " + self.token, self.new_session()]

    def forget(self):
        urllib.request.urlopen(urllib.request.Request(self.url + "/practice/reset", method="POST"))

    def stop(self):
        self.process.terminate()
        self.process.wait()


def make_video(path, size):
    """A real video with `size` bytes behind its end."""
    subprocess.run(["ffmpeg", "-v", "error", "-y", "-f", "lavfi", "-i", "testsrc2=duration=1", path], check=True)
    with open(path, "ab") as video:
        block = os.urandom(1 << 20)
        while video.tell() < size:
            video.write(block)


def timed(command):
    """Seconds of the whole process and its peak memory in KB."""
    start = time.monotonic()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.monotonic() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        raise SystemExit(f"failed: {' '.join(map(str, command))}")
    return seconds, usage.ru_maxrss


def upload(program, folder):
    """Best seconds of curl alone, of curl with `openssl dgst` hashing the file beside it, and of ours, then ours' peak
    memory in KB; in turns, each sending the same 1 GB. Ours verifies the checksum while it sends, so the second is the
    same work: SHA-256 of 1 GB alone can take longer than curl's whole upload."""
    folder = Path(folder) / "upload"
    folder.mkdir()
    video = folder / "large.mp4"
    make_video(video, GIGABYTE)
    ours = [program, "--home", folder / "library"]
    subprocess.run([*ours, "register", video, "--allow-duplicates"], check=True, stdout=subprocess.DEVNULL)
    practice = Practice(program, folder / "practice")
    curl_times, both_times, our_times, memory = [], [], [], 0
    try:
        for _ in range(ROUNDS):
            curl_times.append(timed(practice.curl(video))[0])
            practice.forget()
            curl = practice.curl(video)
            start = time.monotonic()
            hashing = subprocess.Popen(["openssl", "dgst", "-sha256", video], stdout=subprocess.DEVNULL)
            timed(curl)
            hashing.wait()
            both_times.append(time.monotonic() - start)
            practice.forget()
            seconds, peak = timed([*ours, "--practice", practice.url, "upload", "large", "YouTube"])
            our_times.append(seconds)
            memory = max(memory, peak)
            practice.forget()
    finally:
        practice.stop()
        shutil.rmtree(folder)
    return min(curl_times), min(both_times), min(our_times), memory


def first_frame(program, library):
    """Best seconds from the start of the process to its first frame, and to the first with the library on it, on an
    X server of our own. The program tells, in steps of 10 ms (ASFS_TIMING)."""
    display = subprocess.Popen(["Xvfb", "-displayfd", "1", "-screen", "0", "1920x1080x24"], stdout=subprocess.PIPE,
                               stderr=subprocess.DEVNULL, text=True)
    try:
        environment = os.environ | {"DISPLAY": ":" + display.stdout.readline().strip(), "ASFS_TIMING": "1"}
        command = [program, "--home", library, "--size", "1920x1080", "--screenshot", os.devnull]
        frames, libraries = [], []
        for _ in range(ROUNDS):
            told = subprocess.run(command, env=environment, stderr=subprocess.PIPE, text=True).stderr
            frames.append(int(re.search(r"first frame: (\d+) ms", told)[1]) / 1000)
            libraries.append(int(re.search(r"library shown: (\d+) ms", told)[1]) / 1000)
        return min(frames), min(libraries)
    finally:
        display.terminate()
        display.wait()
