#!/usr/bin/env bash
# Obtains and builds the third-party libraries that Debian 12 does not have in the form we need:
# Dear ImGui 1.92, GLFW 3.4, libcurl (static, HTTP only), cpp-httplib, and the OpenGL loader glad.
# Done once per machine; the result lies in the user's cache folder and every clone uses it.
#
#   vendor/get.sh                builds if needed; prints the folder with include/ lib/ src/
#   vendor/get.sh --where        prints that folder's path and does nothing
#   vendor/get.sh --mirror       prints the Debian mirror that apt's settings name
#   vendor/get.sh --sources DIR  only fetches, into DIR, as ASFS_VENDOR_SOURCES takes it on another machine
#
# Sources come as signed Debian source packages through apt, in a folder of apt's own settings: no
# root needed, the system's package lists stay as they are. Where there is no apt, or its settings
# name no Debian mirror, they come from their own git repositories at the commits of vendor/pins.
#   ASFS_VENDOR_ROUTE=apt|git    that route, not the other
#   ASFS_VENDOR_PINS=FILE        other pins (for tests/house/git_route)
#   ASFS_VENDOR_SOURCES=DIR      neither: unpacked sources in imgui/ glfw/ curl/ cpp-httplib/
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
cc=${CC:-cc} cxx=${CXX:-c++}

say() { printf 'vendor: %s\n' "$*" >&2; }
reason="see the lines above"
die() { reason=$*; exit 1; }               # finish() says it, below the log

debian_mirror() {  # nothing, where there is no apt or its settings name none
  local mirror
  command -v apt-get > /dev/null && command -v dpkg-source > /dev/null || return 0
  mirror=$(apt-get indextargets --format '$(REPO_URI)' 'Origin: Debian' 'Label: Debian' | head -n 1) || true
  if [ -z "$mirror" ]; then  # package lists were never fetched: read apt's settings
    mirror=$(cat /etc/apt/sources.list /etc/apt/sources.list.d/* 2>/dev/null |
      sed -nE 's/^(deb|URIs:)[^#]*[ ]((https?|file|mirror\+file):[^ ]*debian\/?)( .*)?$/\2/p' | head -n 1) || true
  fi
  echo "$mirror"
}
[ "${1:-}" = --mirror ] && { debian_mirror; exit 0; }

pins=${ASFS_VENDOR_PINS:-$here/pins}
route=${ASFS_VENDOR_ROUTE:-}
if [ -n "${ASFS_VENDOR_SOURCES:-}" ]; then
  route=folder
elif [ -z "$route" ]; then
  if [ -n "$(debian_mirror)" ]; then route=apt; else route=git; fi
fi

# Another script, compiler or source: another result.
key=$({ cat "$here/get.sh"; [ $route != git ] || cat "$pins"; "$cxx" --version; echo "$route ${ASFS_VENDOR_SOURCES:-}"; } | sha256sum | cut -c1-12)
cache=${XDG_CACHE_HOME:-$HOME/.cache}/asfs-videos
prefix=$cache/vendor-$key
[ "${1:-}" = --where ] && { echo "$prefix"; exit 0; }
only_sources=
[ "${1:-}" = --sources ] && only_sources=${2:?a folder}
[ -z "$only_sources" ] && [ -e "$prefix/SOURCES" ] && { echo "$prefix"; exit 0; }

mkdir -p "$cache"
exec 9>"$cache/lock"                       # two runs at once: the second waits, then finds it done
flock -n 9 || { say "waiting for another build of the libraries"; flock 9; }
[ -z "$only_sources" ] && [ -e "$prefix/SOURCES" ] && { echo "$prefix"; exit 0; }

rm -rf "$cache"/building.*                 # of a run that was killed
work=$(mktemp -d "$cache/building.XXXXXX")
log=$work/log
finish() {
  local status=$?
  if [ $status -ne 0 ]; then
    if [ -s "$log" ]; then
      tail -n 25 "$log" >&2
      cp "$log" "$cache/vendor.log"
      say "the whole log: $cache/vendor.log"
    fi
    say "the libraries could not be built: $reason"
  fi
  rm -rf "$work"
}
trap finish EXIT
out=$work/prefix
mkdir -p "$work/src" "$out/lib" "$out/src" "$out/licences"

# ---- sources ---------------------------------------------------------------------------------

by_hand="put the unpacked sources of imgui 1.92, glfw 3.4, curl 8 and cpp-httplib 0.18 into DIR/imgui,
DIR/glfw, DIR/curl and DIR/cpp-httplib, and set ASFS_VENDOR_SOURCES=DIR"
valid_until=true
apt_own() {  # apt-get or apt-cache, in a folder of its own
  local tool=$1; shift
  local own=$work/apt
  set -- -o Dir::State::Lists="$own/lists" -o Dir::Etc::sourcelist="$own/sources.list" \
    -o Dir::Etc::sourceparts=/dev/null -o Dir::Cache="$own/cache" \
    -o Acquire::Retries=3 -o APT::Get::List-Cleanup=false "$@"
  [ $valid_until = true ] || set -- -o Acquire::Check-Valid-Until=false "$@"
  [ "$(id -u)" != 0 ] || set -- -o APT::Sandbox::User=root "$@"
  "$tool" -q "$@"
}

apt_lists() {  # apt_lists SUITE...: what fails here shows when fetching
  local keyring=/usr/share/keyrings/debian-archive-keyring.gpg mirror suite
  mirror=$(debian_mirror)
  [ -n "$mirror" ] || die "there is no apt with dpkg-dev here, or its settings name no Debian mirror; ASFS_VENDOR_ROUTE=git
fetches from the libraries' own git repositories"
  [ -e "$keyring" ] || die "$keyring is missing: install debian-archive-keyring"
  rm -rf "$work/apt" "$work/src" "$work/dl" "$work/SOURCES"
  mkdir -p "$work/apt/lists/partial" "$work/apt/cache/archives/partial" "$work/src"
  for suite in "$@"; do echo "deb-src [signed-by=$keyring] $mirror $suite main"; done > "$work/apt/sources.list"
  apt_own apt-get update >> "$log" 2>&1 || true
}

fetch() {  # fetch FOLDER PACKAGE VERSION-PATTERN: the oldest version that matches is the best tested
  local folder=$1 package=$2 pattern=$3 version
  version=$(apt_own apt-cache showsrc --only-source "$package" 2>>"$log" | sed -n 's/^Version: //p' |
    grep -E "^([0-9]+:)?$pattern" | sort -V | head -n 1) || true
  [ -n "$version" ] || return 1
  say "fetching $package $version"
  mkdir -p "$work/dl/$package"
  (cd "$work/dl/$package" && apt_own apt-get source --download-only "$package=$version" &&
    dpkg-source --no-check -x ./*.dsc "$work/src/$folder") >> "$log" 2>&1 || return 1   # apt has checked the sums
  (cd "$work/dl/$package" && echo "$folder: Debian source package $package $version" &&
    sha256sum ./*.orig.tar.* | grep -v '\.asc$') >> "$work/SOURCES"
}

fetch_all() {
  fetch glfw glfw3 '3\.[4-9]' && fetch curl curl '8\.' && fetch cpp-httplib cpp-httplib '0\.' &&
    fetch imgui imgui '1\.9[2-9]'
}

fetch_git() {  # fetch_git FOLDER REPOSITORY VERSION COMMIT
  local folder=$1 repository=$2 version=$3 commit=$4 found
  local git=(git -C "$work/src/$folder" -c advice.detachedHead=false)
  [[ $commit =~ ^[0-9a-f]{40}$ ]] || die "$pins gives $folder no whole commit id, but '$commit'"
  say "fetching $folder $version from $repository"
  git init -q "$work/src/$folder" >> "$log" 2>&1 || die "git init failed"
  # A repository that can be reached and does not have the commit refuses it; so two reasons, told apart.
  GIT_TERMINAL_PROMPT=0 "${git[@]}" ls-remote "$repository" HEAD >> "$log" 2>&1 ||
    die "$repository cannot be reached. Check the network (git honours https_proxy) and run again, or $by_hand"
  GIT_TERMINAL_PROMPT=0 "${git[@]}" fetch -q --depth 1 "$repository" "$commit" >> "$log" 2>&1 ||
    die "$repository does not give out the commit $commit ($folder $version).
That is the one vendor/pins trusts, so nothing else is taken. Run again if the connection broke, or $by_hand"
  "${git[@]}" checkout -q FETCH_HEAD >> "$log" 2>&1 || die "git checkout failed for $folder"
  found=$("${git[@]}" rev-parse HEAD)
  [ "$found" = "$commit" ] ||
    die "$repository gave $found for $folder $version, but vendor/pins trusts $commit alone. Nothing was built"
  printf '%s: %s %s, commit %s\n' "$folder" "$repository" "$version" "$found" >> "$work/SOURCES"
}

fetch_git_all() {
  local folder repository version commit
  command -v git > /dev/null || die "git is missing; install it, or $by_hand"
  [ -r "$pins" ] || die "$pins cannot be read"
  while read -r folder repository version commit <&3; do
    [[ $folder = "#"* || -z $folder ]] || fetch_git "$folder" "$repository" "$version" "$commit"
  done 3< "$pins"
  for folder in imgui glfw curl cpp-httplib; do [ -d "$work/src/$folder" ] || die "$pins does not name $folder"; done
}

case $route in
folder)
  say "taking the sources from $ASFS_VENDOR_SOURCES"
  for lib in imgui glfw curl cpp-httplib; do
    [ -d "$ASFS_VENDOR_SOURCES/$lib" ] || die "$ASFS_VENDOR_SOURCES/$lib is missing; see vendor/VENDORED.md"
    cp -rL "$ASFS_VENDOR_SOURCES/$lib" "$work/src/$lib"
  done
  echo "sources from $ASFS_VENDOR_SOURCES" > "$work/SOURCES"
  ;;
apt)
  say "fetching Debian's source package lists"
  if ! { apt_lists trixie sid; fetch_all; }; then
    say "not all were found: looking further, in lists past their date too (signatures are still checked)"
    valid_until=false
    { apt_lists trixie trixie-backports testing sid; fetch_all; } ||
      die "apt could not fetch their sources. Check the network and run again; or fetch them from their own git
repositories with ASFS_VENDOR_ROUTE=git; or $by_hand"
  fi
  ;;
git) fetch_git_all ;;
*) die "ASFS_VENDOR_ROUTE is apt or git, not '$route'" ;;
esac

if [ -n "$only_sources" ]; then
  mkdir -p "$only_sources"
  cp -r "$work/src/." "$work/SOURCES" "$only_sources"
  say "the sources are in $only_sources"
  exit 0
fi

# ---- builds ----------------------------------------------------------------------------------

jobs=$(nproc)
cmake_build() {  # cmake_build FOLDER OPTION...
  local folder=$1; shift
  say "building $folder"
  { cmake -S "$work/src/$folder" -B "$work/build/$folder" -G Ninja -DCMAKE_BUILD_TYPE=Release \
      -DCMAKE_C_COMPILER="$cc" -DCMAKE_CXX_COMPILER="$cxx" -DCMAKE_INSTALL_PREFIX="$work/stage" \
      -DCMAKE_INSTALL_LIBDIR=lib -DCMAKE_POSITION_INDEPENDENT_CODE=ON -DBUILD_SHARED_LIBS=OFF \
      -DCMAKE_C_FLAGS="-ffunction-sections -fdata-sections -fvisibility=hidden" "$@" &&
    cmake --build "$work/build/$folder" --parallel "$jobs" &&
    cmake --install "$work/build/$folder"; } >> "$log" 2>&1
}

cmake_build glfw -DGLFW_BUILD_WAYLAND=ON -DGLFW_BUILD_X11=ON -DGLFW_BUILD_DOCS=OFF \
  -DGLFW_BUILD_TESTS=OFF -DGLFW_BUILD_EXAMPLES=OFF
cmake_build curl -DHTTP_ONLY=ON -DCURL_USE_OPENSSL=ON \
  -DCURL_USE_LIBPSL=OFF -DCURL_USE_LIBSSH2=OFF -DUSE_NGHTTP2=OFF -DUSE_LIBIDN2=OFF -DCURL_ZLIB=OFF \
  -DCURL_BROTLI=OFF -DCURL_ZSTD=OFF -DCURL_DISABLE_NTLM=ON -DCURL_DISABLE_ALTSVC=ON \
  -DCURL_CA_BUNDLE=none -DCURL_CA_PATH=none -DBUILD_CURL_EXE=OFF -DBUILD_TESTING=OFF \
  -DBUILD_LIBCURL_DOCS=OFF -DBUILD_MISC_DOCS=OFF -DENABLE_CURL_MANUAL=OFF

# Each library has an include folder of its own, so that a layer sees only what it may use.
for lib in glfw curl; do cp "$work/stage/lib/lib"$lib*.a "$out/lib/"; done
mkdir -p "$out/include"/{glfw,curl,cpp-httplib,glad,imgui}
cp -r "$work/stage/include/GLFW" "$out/include/glfw/"
cp -r "$work/stage/include/curl" "$out/include/curl/"

python=/usr/bin/python3                    # Debian's, which has glad; not one from elsewhere in PATH
[ -x $python ] || python=python3

# Compiled once, rather than wherever it is used.
cat - "$work/src/cpp-httplib/httplib.h" > "$work/httplib.h" <<'CONFIG'
// ASFS Videos: the whole program and the library must agree on these, so they stand here.
#define CPPHTTPLIB_RECV_BUFSIZ 262144ul
#define CPPHTTPLIB_USE_POLL
#define CPPHTTPLIB_LISTEN_BACKLOG 128
CONFIG
mv "$work/httplib.h" "$work/src/cpp-httplib/httplib.h"
"$python" "$work/src/cpp-httplib/split.py" --out "$work/httplib" >> "$log" 2>&1 ||
  die "the sources of cpp-httplib have no split.py that works"
cp "$work/httplib/httplib.h" "$out/include/cpp-httplib/"

say "building glad"
"$python" -m glad --reproducible --quiet --extensions= \
  --api gl:core=3.3 --out-path "$work/glad" c --loader >> "$log" 2>&1 ||
  die "glad does not run; install python3-glad (2.0 or newer)"
cp -r "$work/glad/include/." "$out/include/glad/"

say "building imgui and cpp-httplib"
imgui=$work/src/imgui
cat >> "$imgui/imconfig.h" <<'CONFIG'
// ASFS Videos: the whole program and the library must agree on these, so they stand here.
#define IMGUI_USE_WCHAR32                 // emoji
#define IMGUI_ENABLE_FREETYPE
#define IMGUI_DISABLE_OBSOLETE_FUNCTIONS
#define IMGUI_ENABLE_TEST_ENGINE          // UI tests click by label; four hooks in app/imgui_hooks.cpp
CONFIG
sources=("$imgui"/imgui*.cpp "$imgui/misc/freetype/imgui_freetype.cpp" "$imgui/misc/cpp/imgui_stdlib.cpp"
  "$imgui/backends/imgui_impl_glfw.cpp" "$imgui/backends/imgui_impl_opengl3.cpp")
flags="-O2 -fPIC -ffunction-sections -fdata-sections -fvisibility=hidden -DGLFW_INCLUDE_NONE
  -I$imgui -I$out/include/glfw -I$out/include/glad $(pkg-config --cflags freetype2)"
flags=$(echo $flags)
mkdir "$work/objects"
for source in "$work/httplib/httplib.cc" "${sources[@]}" "$work/glad/src/gl.c"; do echo "$source"; done |
  xargs -P "$jobs" -I{} sh -c '
    case $1 in *.c) compiler=$2 ;; *) compiler="$3 -std=c++17" ;; esac
    exec $compiler $4 -c "$1" -o "$5/$(basename "$1").o"
  ' sh {} "$cc" "$cxx" "$flags" "$work/objects" >> "$log" 2>&1
ar rcs "$out/lib/libglad.a" "$work/objects/gl.c.o"
ar rcs "$out/lib/libcpp-httplib.a" "$work/objects/httplib.cc.o"
rm "$work/objects/gl.c.o" "$work/objects/httplib.cc.o"
ar rcs "$out/lib/libimgui.a" "$work/objects"/*.o
cp "$imgui"/*.h "$imgui"/backends/imgui_impl_{glfw,opengl3}.h "$imgui"/misc/freetype/imgui_freetype.h \
  "$imgui"/misc/cpp/imgui_stdlib.h "$out/include/imgui/"
mkdir "$out/src/imgui" && cp -r "$imgui"/{*.cpp,*.h,misc,backends} "$out/src/imgui/"

for lib in imgui glfw curl cpp-httplib; do
  for name in LICENSE LICENSE.txt LICENSE.md COPYING; do
    [ -e "$work/src/$lib/$name" ] && cp "$work/src/$lib/$name" "$out/licences/$lib"
  done
done
cp "$work/SOURCES" "$out/SOURCES"
mv "$out" "$prefix"
say "ready in $prefix"
echo "$prefix"
