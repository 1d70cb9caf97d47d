"""Measurements of whole processes for tests/bench/run: an upload of 1 GB against curl, and the start of the window."""
import json
import os
import re
import shutil
import struct
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

    def posts(self):
        return json.load(urllib.request.urlopen(self.url + "/practice/posts"))

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


def resume(program, folder):
    """After a kill in the middle of 64 MB: bytes sent twice, and seconds from the new start to the first byte that
    arrives; the best of several."""
    folder = Path(folder) / "resume"
    folder.mkdir()
    ours = [program, "--home", folder / "library"]
    practice = Practice(program, folder / "practice")
    call = lambda path: json.load(urllib.request.urlopen(practice.url + path))
    twice, seconds = [], []
    try:
        for number in range(ROUNDS):
            video = folder / f"clip{number}.mp4"
            make_video(video, 64 << 20)
            subprocess.run([*ours, "register", video], check=True, stdout=subprocess.DEVNULL)
            command = [*ours, "--practice", practice.url, "upload", video.stem, "YouTube"]
            fault = json.dumps({"platform": "YouTube", "kind": "slow", "bytes_per_second": 60 << 20, "times": 2})
            urllib.request.urlopen(practice.url + "/practice/faults", fault.encode())
            running = subprocess.Popen(command, stdout=subprocess.DEVNULL)
            stored = lambda: call("/practice/sessions")[-1]
            while not call("/practice/sessions") or stored()["bytes_received"] < 20 << 20:
                time.sleep(0.01)
            running.kill()
            running.wait()
            while stored()["receiving"]:
                time.sleep(0.01)
            before = stored()["bytes_received"]
            start = time.monotonic()
            running = subprocess.Popen(command, stdout=subprocess.DEVNULL)
            while stored()["bytes_received"] == before:
                time.sleep(0.002)
            seconds.append(time.monotonic() - start)
            running.wait()
            sent = [entry["range"] for entry in call("/practice/log") if re.match(r"bytes \d+-", entry["range"])]
            twice.append(max(0, before - int(re.match(r"bytes (\d+)-", sent[-1])[1])))
            practice.forget()
    finally:
        practice.stop()
        shutil.rmtree(folder)
    return min(twice), min(seconds)


def three_platforms(program, folder):
    """Best seconds of three uploads of 256 MB at once: by curl to three sessions, and by ours to the three platforms."""
    folder = Path(folder) / "three"
    folder.mkdir()
    video = folder / "clip.mp4"
    make_video(video, 256 << 20)
    ours = [program, "--home", folder / "library"]
    subprocess.run([*ours, "register", video, "--allow-duplicates"], check=True, stdout=subprocess.DEVNULL)
    practice = Practice(program, folder / "practice")
    curl_times, our_times = [], []

    def together(commands):
        start = time.monotonic()
        running = [subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
                   for command in commands]
        if any(process.wait() != 0 for process in running):
            raise SystemExit("an upload of three at once failed")
        return time.monotonic() - start

    try:
        for _ in range(ROUNDS):
            curl_times.append(together([practice.curl(video) for _ in range(3)]))
            practice.forget()
            our_times.append(together([[*ours, "--practice", practice.url, "upload", "clip", platform]
                                       for platform in ("Instagram", "TikTok", "YouTube")]))
            practice.forget()
    finally:
        practice.stop()
        shutil.rmtree(folder)
    return min(curl_times), min(our_times)


def bulk(program, folder, count=1000, at_a_time=16):
    """Seconds of a bulk run of `count` tiny clips to a YouTube that takes its time over each, and CPU seconds of the
    program for each; then the same of curl, as many at a time: one process that begins every session, one that fills
    them. It hashes nothing and keeps no ledger. Last the bytes of a clip."""
    folder = Path(folder) / "bulk"
    clips = folder / "clips"
    clips.mkdir(parents=True)
    make_video(folder / "base.mp4", 0)
    base = (folder / "base.mp4").read_bytes()
    for number in range(count):  # content of its own for each: bytes that every player passes over
        payload = os.urandom(1000)
        (clips / f"clip{number}.mp4").write_bytes(base + struct.pack(">I4s", len(payload) + 8, b"free") + payload)
    ours = [program, "--home", folder / "library"]
    subprocess.run([*ours, "register", clips], check=True, stdout=subprocess.DEVNULL)
    practice = Practice(program, folder / "practice")

    def take_time():
        fault = {"platform": "YouTube", "kind": "slow", "bytes_per_second": 4 * len(base), "times": count}
        urllib.request.urlopen(practice.url + "/practice/faults", json.dumps(fault).encode())

    try:
        take_time()
        seconds, cpu = used([*ours, "--practice", practice.url, "upload", "--all-pending", "--platform", "YouTube",
                             "--jobs", str(at_a_time)])
        if len(practice.posts()) != count:
            raise SystemExit("the bulk run did not post every clip")
        practice.forget()
        take_time()
        curl = ["curl", "--fail-early", "-Z", "--parallel-max", str(at_a_time)]
        options = f'header = "Authorization: Bearer {practice.token}"\nfail\nsilent\n'
        (folder / "words.json").write_text('{"snippet": {"title": "measured"}}')
        begin, fill = folder / "begin.curl", folder / "fill.curl"
        address = practice.url + "/upload/youtube/v3/videos?uploadType=resumable&part=snippet"
        begin.write_text("next\n".join(
            f'{options}url = "{address}"\nheader = "Content-Type: application/json"\n'
            f'data = "@{folder}/words.json"\nwrite-out = "%header{{location}}\\n"\n' for _ in range(count)))
        begin_seconds, begin_cpu, told = used([*curl, "-K", begin], output=True)
        sessions = told.split()
        if len(sessions) != count:
            raise SystemExit(f"curl began {len(sessions)} of {count} sessions")
        fill.write_text("next\n".join(
            f'{options}upload-file = "{clips}/clip{number}.mp4"\nurl = "{url}"\noutput = "/dev/null"\n'
            for number, url in enumerate(sessions)))
        fill_seconds, fill_cpu = used([*curl, "-K", fill])
    finally:
        practice.stop()
        shutil.rmtree(folder)
    return seconds, cpu / count, begin_seconds + fill_seconds, (begin_cpu + fill_cpu) / count, len(base) + 1008


def used(command, output=False):
    """Wall and CPU seconds of a process and its children, and with `output` what it printed."""
    before, start = os.times(), time.monotonic()
    done = subprocess.run(command, check=True, text=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    seconds, after = time.monotonic() - start, os.times()
    cpu = after.children_user + after.children_system - before.children_user - before.children_system
    return (seconds, cpu, done.stdout) if output else (seconds, cpu)


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
