#!/usr/bin/env python3
"""What each layer and each library weighs in the executable, in MB; exit 1 when the whole is above its limit.

    tests/bench/weigh.py [BUILD-FOLDER]

Links the program once more, with GNU ld and a map that says which file every piece came from, and adds the pieces up
by file. Templates of header-only libraries (JSON, the command line, fmt) count for the layer that uses them.
"""
import os
import re
import shlex
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LIMIT = 14e6

# Whose a linked file is: the first pattern that is found in its name. The order is that of the table.
OWNERS = [
    ("app", r"^app/"),
    ("uploaders", r"^uploaders/"),
    ("registry", r"^registry/"),
    ("fonts, assets", r"^assets/"),
    ("imgui", r"/libimgui\.a"),
    ("glfw, glad", r"/lib(glfw3|glad)\.a"),
    ("freetype, png, zlib", r"/lib(freetype|png16|brotli\w+|bz2|z)\.a"),
    ("sqlite", r"/libsqlite3\.a"),
    ("openssl", r"/lib(ssl|crypto|zstd)\.a"),
    ("curl", r"/libcurl\.a"),
    ("fmt", r"libfmt\.a"),
    ("C++ library", r"/lib(stdc\+\+|gcc|gcc_eh)\.a"),
]
REST = "rest: relocations, tables"
IN_THE_FILE = re.compile(r"\.(text|rodata|data|eh_frame|gcc_except_table|init|fini|tdata)\b")  # takes no room: .bss


def pieces(text):
    """(file, size) of everything the map says was linked into the file."""
    text = text[text.index("Linker script and memory map"):]
    section = ""
    for line in text.splitlines():
        if line[:1] == ".":
            section = line.split()[0]
        found = re.match(r" (?:[.*\w]\S*)?\s+0x([0-9a-f]{16})\s+0x([0-9a-f]+) (\S.*)$", line)
        if found and IN_THE_FILE.match(section) and int(found[1], 16):
            yield found[3], int(found[2], 16)


def weights(build):
    """MB by owner, and the size of the executable."""
    program = (build / "asfs-videos").stat().st_size
    commands = subprocess.run(["ninja", "-C", build, "-t", "commands", "-s", "asfs-videos"], capture_output=True, text=True,
                              check=True).stdout
    link = next(part for part in commands.strip().splitlines()[-1].split("&&") if " -o asfs-videos" in part)
    words = [word for word in shlex.split(link) if not word.startswith("-fuse-ld=")]
    with tempfile.TemporaryDirectory(dir=build) as folder:
        words[words.index("-o") + 1] = os.path.join(folder, "program")
        subprocess.run(words + ["-fuse-ld=bfd", f"-Wl,-Map={folder}/map"], cwd=build, check=True)
        text = Path(folder, "map").read_text()
    sums = {name: 0 for name, _ in OWNERS}
    for file, size in pieces(text):
        owner = next((name for name, pattern in OWNERS if re.search(pattern, file)), None)
        if owner:
            sums[owner] += size
    sums[REST] = program - sum(sums.values())
    return sums, program


def table(build):
    """The lines to print, and whether the whole is within its limit."""
    sums, program = weights(build)
    lines = [f"{name:<26}{size / 1e6:6.2f} MB" for name, size in sums.items()]
    lines.append(f"{'the executable, stripped':<26}{program / 1e6:6.2f} MB of at most {LIMIT / 1e6:g}")
    return lines, program <= LIMIT


def main():
    build = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "build"
    if not (build / "asfs-videos").exists():
        sys.exit(f"{build}/asfs-videos is missing: ./run build first")
    lines, ok = table(build.resolve())
    print("\n".join(lines))
    return 0 if ok else 1


if __name__ == "__main__":
    sys.exit(main())
