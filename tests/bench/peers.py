"""Clients that a user would pick instead of ASFS Videos, sending the same 1 GB to the same practice server in turns
with it: clients/googleapi.py and clients/googleapis.js."""
import json
import os
import shutil
import subprocess
import time
from pathlib import Path

import whole

HERE = Path(__file__).resolve().parent / "clients"
ROUNDS = 3


def python():
    """The command of the client without its arguments; else why there is none, as a text."""
    interpreter = "/usr/bin/python3"  # the system's own: the library comes as its package
    asked = subprocess.run([interpreter, "-c", "import googleapiclient"], capture_output=True)
    return [interpreter, HERE / "googleapi.py"] if asked.returncode == 0 else "Debian: python3-googleapi"


def npm(folder, package, version, script):
    """The same; installs what it needs in `folder`, once."""
    if not shutil.which("npm") or not shutil.which("node"):
        return "npm is not installed"
    folder.mkdir(parents=True, exist_ok=True)
    if not (folder / "node_modules" / package).exists():
        (folder / "package.json").write_text(json.dumps({"private": True, "dependencies": {package: version}}))
        install = ["npm", "install", "--no-audit", "--no-fund", "--ignore-scripts", "--loglevel=error"]
        if subprocess.run(install, cwd=folder, capture_output=True, stdin=subprocess.DEVNULL).returncode != 0:
            return f"npm cannot install {package}"
    shutil.copy(HERE / script, folder)
    return ["node", folder / script]


def cost(command, folder):
    """Wall and CPU seconds and peak memory in bytes; why it failed as a text."""
    start = time.monotonic()
    process = subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.monotonic() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        return f"it ended with {process.returncode}"
    return seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * 1024


def upload(program, folder, installed):
    """By client ("ours", "python", "npm") the least of each of cost(), or a text that says why there is none."""
    folder = Path(folder) / "clients"
    folder.mkdir()
    video = folder / "large.mp4"
    whole.make_video(video, whole.GIGABYTE)
    ours = [program, "--home", folder / "library"]
    subprocess.run([*ours, "register", video, "--allow-duplicates"], check=True, stdout=subprocess.DEVNULL)
    practice = whole.Practice(program, folder / "practice")
    pinned = json.loads((HERE.parents[1] / "conformance" / "npm" / "package.json").read_text())["dependencies"]
    package = "@googleapis/youtube"
    clients = {"python": python(), "npm": npm(installed, package, pinned[package], "googleapis.js")}
    commands = {name: [*client, practice.url, practice.token, video]
                for name, client in clients.items() if not isinstance(client, str)}
    commands["ours"] = [*ours, "--practice", practice.url, "upload", "large", "YouTube"]
    costs = {name: [] for name in commands}
    try:
        for _ in range(ROUNDS):
            for name, command in commands.items():
                costs[name].append(cost(command, installed if name == "npm" else folder))
                practice.forget()
    finally:
        practice.stop()
        shutil.rmtree(folder)
    least = lambda found: next((one for one in found if isinstance(one, str)), None) or [min(of) for of in zip(*found)]
    return clients | {name: least(found) for name, found in costs.items()}
