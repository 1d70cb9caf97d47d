# A hook phrase and a logo on finished clips: what is refused in words, and that a clip is posted once, with this hook,
# another or none.
mkdir clips
cp "$CLIPS/first.mp4" "$CLIPS/second.mp4" clips
echo '{"title": "Second of all"}' > clips/second.json
ffmpeg -v error -f lavfi -i "color=white:size=64x32" -frames:v 1 logo.png
mkdir -p lib/config
echo '{"cut": {"preset": "ultrafast"}}' > lib/config/pipeline.json
links() { sed -E 's|https?://[^ ]*|LINK|' | sort; }
echo "--- what is asked of it"
code asfs pipeline clips --hook "$(printf 'word %.0s' {1..30})"
code asfs pipeline clips --logo none.png
code asfs pipeline clips --logo "$CLIPS/notes.mp4"
code asfs pipeline clips --check most 2>&1 | tail -n 2
echo "--- a new file, and the clip as it was"
code asfs --practice pipeline clips --hook "100%, {it's} \\N" --logo logo.png --no-upload
ls clips
asfs --practice --json list | python3 -c '
import json, sys
for video in sorted(json.load(sys.stdin), key=lambda v: v["title"]): print(video["title"])'
echo "--- posted once"
code asfs --practice pipeline clips --hook "100%, {it's} \\N" --logo logo.png --platform YouTube | links
code asfs --practice pipeline clips --hook "Another" --platform YouTube 2>&1 | links
code asfs --practice pipeline clips --platform YouTube 2>&1 | links
echo "--- by the settings: the title"
echo '{"cut": {"hook_text": true, "preset": "ultrafast"}}' > lib/config/pipeline.json
code asfs --practice pipeline clips --no-upload 2>&1
