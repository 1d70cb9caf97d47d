#!/usr/bin/env python3
"""What the pipeline costs beside the ffmpeg commands that make the same clips.

    tests/bench/pipeline.py [--short]        (./run bench pipeline [--short])

Ten clips of ten minutes in 1080p against the bare encodes of the same run, with the same command lines in the same order
(the program notes them in log.jsonl), and stages 0 to 6 of an hour against one read of its sound and one pass over its
keyframes by ffmpeg. All of it in turns, ours and bare, in one run; medians of three. The hour has a transcript with a
time for each word. Prints one table; exit 1 when a limit is missed. Takes half an hour on two quiet cores, which
nothing else should use meanwhile; --short tries the same on little, in one turn, and says nothing about speed.
"""
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BUILD = Path(os.environ.get("ASFS_BUILD_DIR", ROOT / "build"))
PROGRAM = BUILD / "asfs-videos"
SHORT = "--short" in sys.argv[1:]
TURNS = 1 if SHORT else 3
TALK_S, CLIPS = (60, 1) if SHORT else (600, 10)
LOOPS = 2 if SHORT else 6  # of the talk: an hour
MEMORY = 64e6


class Cost:
    """Of a command with all it starts: seconds of wall and CPU; with `watch`, which is called all the time, too."""

    def __init__(self, command, watch=lambda process: None, **options):
        before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                                   stderr=subprocess.PIPE, text=True, **options)
        self.peak = 0
        while process.poll() is None:
            self.look(process.pid)
            watch(process)
            time.sleep(0.01)
        self.wall, after = time.monotonic() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
        self.cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        if process.returncode != 0:
            sys.exit(f"failed: {' '.join(map(str, command))}\n{process.stderr.read()}")

    def look(self, pid):
        """The process's own peak memory: its children are not it."""
        try:
            status = Path(f"/proc/{pid}/status").read_text()
        except OSError:
            return
        for line in status.splitlines():
            if line.startswith("VmHWM:"):
                self.peak = max(self.peak, 1024 * int(line.split()[1]))


class Captions:
    """Keeps the caption files of a run, which are gone when their clip is there, in the order of the clips; and their
    font."""

    def __init__(self, home, folder):
        self.home, self.folder, self.kept, self.known = home, folder, [], set()
        self.font = folder / "Inter-SemiBold.otf"
        folder.mkdir()

    def look(self, _):
        for file in self.home.glob("pipeline/*/*/captions.ass"):
            try:
                inode = file.stat().st_ino
                if inode in self.known:
                    continue
                if not self.font.exists():
                    os.link(file.with_name(self.font.name), self.font)
                kept = self.folder / f"captions{len(self.kept)}.ass"
                os.link(file, kept)
            except OSError:  # it is gone already, or not yet there
                continue
            self.known.add(inode)
            self.kept.append(kept)


def make_picture(folder, gop):
    """Twenty seconds with much in motion, a keyframe each `gop` seconds; looped by copying."""
    path = folder / f"picture{gop}.mp4"
    size, rate = ("640x360", 25) if SHORT else ("1920x1080", 30)
    source = f"testsrc2=size={size}:rate={rate}:duration=20,noise=alls=14:allf=t,hue=h='90*floor(t/5)'"
    subprocess.run(["ffmpeg", "-v", "error", "-nostdin", "-f", "lavfi", "-i", source, "-c:v", "libx264", "-preset",
                    "ultrafast", "-b:v", "7600k", "-g", str(gop * rate), "-pix_fmt", "yuv420p", path], check=True)
    return path


def make_talk(path, picture, seconds):
    talk = ROOT / "tests/pipeline/talk.py"
    subprocess.run([sys.executable, talk, path, "--seconds", str(seconds), "--picture", picture], check=True)


def make_hour(path, talk):
    """The talk again and again, copied, with a transcript that has a time for each word; how many words there are."""
    truth = json.loads(talk.with_suffix(".truth").read_text())
    subprocess.run(["ffmpeg", "-v", "error", "-nostdin", "-stream_loop", str(LOOPS - 1), "-i", talk, "-c", "copy", path],
                   check=True)
    segments = []
    for loop in range(LOOPS):
        for said in truth["sentences"]:
            words, start = said["text"].split(), loop * truth["length"] + said["start"]
            share = (said["end"] - said["start"]) / len(words)
            timed = [{"word": " " + word, "start": start + i * share, "end": start + (i + 1) * share, "probability": 0.9}
                     for i, word in enumerate(words)]
            segments.append({"start": start, "end": timed[-1]["end"], "text": said["text"], "words": timed})
    whole = {"language": "en", "language_probability": 1.0, "segments": segments}
    path.with_suffix(".json").write_text(json.dumps(whole))
    return sum(len(segment["words"]) for segment in segments)


def children_of(home):
    """What log.jsonl says: each child's command line and seconds."""
    (log,) = home.glob("pipeline/*/log.jsonl")
    return [json.loads(line) for line in log.read_text().splitlines()]


def run_pipeline(home, video, *options):
    """Its cost, the children's log, and the captions it burned in."""
    captions = Captions(home, home.parent / f"{home.name}-captions")
    cost = Cost([PROGRAM, "--home", home, "pipeline", video, "--no-upload", *options], captions.look)
    return cost, children_of(home), captions


def bare_encodes(folder, children, captions):
    """The encodes alone, as their command lines stand in the log."""
    folder.mkdir()
    os.link(captions.font, folder / captions.font.name)
    wall, cpu, left = 0.0, 0.0, iter(captions.kept)
    for child in children:
        if child["argv"][-1] != "clip.mp4.part":
            continue
        if any("ass=captions.ass" in word for word in child["argv"]):
            (folder / "captions.ass").write_bytes(next(left).read_bytes())
        cost = Cost(child["argv"], cwd=folder)
        wall, cpu = wall + cost.wall, cpu + cost.cpu
    return wall, cpu


def bytes_in(home, pattern):
    return sum(file.stat().st_size for file in home.glob(pattern) if file.is_file())


def clips(folder):
    """A row for each distance of keyframes; the peaks of our own process."""
    rows, peaks = [], []
    for gop in (2, 10):
        talk = folder / f"talk{gop}.mp4"
        make_talk(talk, make_picture(folder, gop), TALK_S)
        pairs = []
        for turn in range(TURNS):
            home = folder / f"clips{gop}-{turn}"
            ours, children, captions = run_pipeline(home, talk, "--yes", "--max-clips", str(CLIPS))
            made = len(list(home.glob("output/clips/*.mp4")))
            if made != CLIPS:
                sys.exit(f"{made} clips were made, and not {CLIPS}")
            bare = bare_encodes(folder / f"bare{gop}-{turn}", children, captions)
            pairs.append((ours, bare, ours.wall - sum(child["ms"] for child in children) / 1000))
            peaks.append(ours.peak)
        size, work = bytes_in(home, "output/clips/*.mp4"), bytes_in(home, "pipeline/*/*")
        ratio = statistics.median(ours.wall / bare[0] for ours, bare, _ in pairs)
        cpu = statistics.median(ours.cpu / bare[1] for ours, bare, _ in pairs)
        bare = statistics.median(bare[0] for _, bare, _ in pairs)
        rows.append((f"{CLIPS} clips out of {TALK_S // 60} min, keyframes each {gop} s",
                     f"{ratio:.3f}x the bare encodes ({bare:.1f} s)", "at most 1.1x", ratio <= 1.1))
        rows.append(("  the same in CPU time; outside of children",
                     f"{cpu:.3f}x; {statistics.median(outside for _, _, outside in pairs):.2f} s", "told", True))
        rows.append(("  children; bytes of the clips; of stages and log",
                     f"{len(children)}; {size / 1e6:.1f} MB; {work / 1e3:.0f} kB", "told", True))
    return rows, peaks


def hour(folder):
    video = folder / "hour.mp4"
    words = make_hour(video, folder / "talk10.mp4")
    ffmpeg = ["ffmpeg", "-v", "error", "-nostdin"]
    sound = [*ffmpeg, "-i", video, "-map", "0:a:0", "-f", "null", "-"]
    keyframes = [*ffmpeg, "-skip_frame", "nokey", "-i", video, "-map", "0:v:0", "-vf", "scale=320:-2,scdet=t=10",
                 "-fps_mode", "passthrough", "-f", "null", "-"]
    pairs = []
    for turn in range(TURNS):
        home = folder / f"hour{turn}"
        ours, children, _ = run_pipeline(home, video, "--plan")
        bare = [Cost(sound), Cost(keyframes)]
        pairs.append((ours, sum(cost.wall for cost in bare), sum(cost.cpu for cost in bare),
                      ours.wall - sum(child["ms"] for child in children) / 1000))
    ratio = statistics.median(ours.wall / wall for ours, wall, _, _ in pairs)
    cpu = statistics.median(ours.cpu / cpu for ours, _, cpu, _ in pairs)
    wall = statistics.median(wall for _, wall, _, _ in pairs)
    again = statistics.median(Cost([PROGRAM, "--home", home, "pipeline", video, "--plan"]).wall for _ in range(TURNS))
    rows = [(f"stages 0 to 6 of {TALK_S * LOOPS // 60} min",
             f"{ratio:.2f}x its sound and its keyframes read once ({wall:.1f} s)", "at most 2x", ratio <= 2),
            ("  the same in CPU time; outside of children",
             f"{cpu:.2f}x; {statistics.median(outside for _, _, _, outside in pairs):.2f} s", "told", True),
            (f"  children; words; bytes of stages and log",
             f"{len(children)}; {words}; {bytes_in(home, 'pipeline/*/*') / 1e3:.0f} kB", "told", True),
            ("  the same again, from what was kept", f"{again:.2f} s", "told", True)]
    return rows, [ours.peak for ours, _, _, _ in pairs]


def memory(what, peaks):
    return (f"peak memory of the program itself, {what}", f"{max(peaks) / 1e6:.1f} MB", "under 64 MB", max(peaks) < MEMORY)


def main():
    if not PROGRAM.exists():
        sys.exit(f"{PROGRAM} is missing: use ./run bench pipeline")
    print("- measuring; this takes half an hour" if not SHORT else "- trying", file=sys.stderr)
    with tempfile.TemporaryDirectory(prefix="bench-", dir=BUILD) as folder:
        clip_rows, clip_peaks = clips(Path(folder))
        hour_rows, hour_peaks = hour(Path(folder))
    rows = [*clip_rows, *hour_rows, memory("cutting", clip_peaks), memory("an hour of words", hour_peaks)]
    cells = [("what", "measured", "target", "")]
    cells += [(what, measured, target, "ok" if ok else "MISS") for what, measured, target, ok in rows]
    widths = [max(len(row[column]) for row in cells) for column in range(4)]
    for row in cells:
        print("  ".join(cell.ljust(width) for cell, width in zip(row, widths)).rstrip())
    return 0 if SHORT or all(ok for _, _, _, ok in rows) else 1


if __name__ == "__main__":
    sys.exit(main())
