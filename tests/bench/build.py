#!/usr/bin/env python3
"""What building the program takes, as multiples of an empty program's: a noisy machine is slow at both.

    tests/bench/build.py        (./run bench build)

Copies the tree beside build/ and builds it there from nothing, libraries included (their sources are fetched before
the clock runs) and without a compiler cache; then touches one source file, and one header that nearly all include. The
empty program is what every file of ours begins with: the shared standard headers, and a main() that does nothing.
Prints one table; exit 1 when a limit is missed. Takes five minutes on two quiet cores.
"""
import os
import re
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ENVIRONMENT = os.environ | {"CCACHE_DISABLE": "1"}
# On two quiet cores the empty program takes 1.1 s; four minutes, 5 CPU minutes, 10 s and 90 s in that measure.
EMPTY_S = 1.1


def timed(command, **options):
    """(wall seconds, CPU seconds) of a command and its children."""
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    done = subprocess.run(command, env=ENVIRONMENT | options.pop("env", {}), stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True, **options)
    wall, after = time.monotonic() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode != 0:
        sys.exit(f"{command[0]} failed:\n{done.stdout[-4000:]}")
    return wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def copy_tree(tree):
    names = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    for name in filter(None, names.split("\0")):
        (tree / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(ROOT / name, tree / name)


def empty_program(folder):
    """(wall, CPU) of compiling and linking it, the best of five."""
    shared = re.search(r"target_precompile_headers\(\$\{target\} PRIVATE (.*?)\$\{ARGN\}", (ROOT / "CMakeLists.txt")
                       .read_text(), re.S)[1].split()
    source = folder / "empty.cpp"
    source.write_text("".join(f"#include {name}\n" for name in shared if "/" not in name) + "int main() {}\n")
    runs = [timed([os.environ.get("CXX", "c++"), "-std=c++23", "-O2", source, "-o", folder / "empty"]) for _ in range(5)]
    return min(wall for wall, _ in runs), min(cpu for _, cpu in runs)


def libraries(tree, folder):
    """The folder of the libraries and (wall, CPU) of building them."""
    sources, cache = folder / "sources", folder / "cache"
    subprocess.run([tree / "vendor/get.sh", "--sources", sources], check=True, env=ENVIRONMENT, stdout=sys.stderr)
    env = {"ASFS_VENDOR_SOURCES": str(sources), "XDG_CACHE_HOME": str(cache)}
    took = timed([tree / "vendor/get.sh"], env=env)
    return next((cache / "asfs-videos").glob("vendor-*")), took


def touched(tree, name):
    """(wall, CPU) until the program runs again after a change of the file."""
    (tree / name).touch()
    return timed(["sh", "-c", "cmake --build build --target asfs-videos && build/asfs-videos --version"], cwd=tree)


def measure(folder):
    tree = folder / "tree"
    copy_tree(tree)
    empty_wall, empty_cpu = empty_program(folder)
    prefix, (library_wall, _) = libraries(tree, folder)
    configure = ["cmake", "--preset", "release", f"-DASFS_VENDOR_PREFIX={prefix}"]
    configure_wall, _ = timed(configure, cwd=tree)
    wall, cpu = timed(["cmake", "--build", "build", "--target", "asfs-videos"], cwd=tree)
    one, header = touched(tree, "app/views/row.cpp"), touched(tree, "registry/base/result.h")
    print(f"the empty program: {empty_wall:.2f} s, {empty_cpu:.2f} CPU s ({EMPTY_S} s on two quiet cores)\n")
    return [
        ("first build, libraries included, downloads aside", library_wall + configure_wall + wall, empty_wall, 240),
        ("CPU of our own code in it", cpu, empty_cpu, 300),
        ("one .cpp touched, to a running program", one[0], empty_wall, 10),
        ("result.h touched, which nearly all include", header[0], empty_wall, 90),
    ]


def main():
    (ROOT / "build").mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="bench-build-", dir=ROOT / "build") as folder:
        rows = measure(Path(folder))
    missed = False
    for what, seconds, empty, limit in rows:
        ratio, most = seconds / empty, limit / EMPTY_S
        missed |= ratio > most
        print(f"{what:50} {seconds:6.1f} s  {ratio:6.1f}x  at most {most:5.1f}x ({limit} s)  "
              f"{'MISS' if ratio > most else 'ok'}")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
