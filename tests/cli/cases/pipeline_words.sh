# What can become no clips is refused in words, before any work; and the pipeline's own command line is checked.
ffmpeg -v error -f lavfi -i "sine=duration=20" sound.m4a
ffmpeg -v error -f lavfi -i "color=red:size=320x180:rate=5:duration=20" -f lavfi -i "sine=duration=20" -shortest -pix_fmt yuv420p plain.mp4
echo "--- what it is given"
code asfs pipeline
code asfs pipeline none.mp4
code asfs pipeline "$CLIPS/notes.mp4"
code asfs pipeline "$CLIPS/second.mp4"
code asfs pipeline sound.m4a
echo "--- what is asked of it"
code asfs pipeline plain.mp4 --accept one
code asfs pipeline plain.mp4 --trim 1
code asfs pipeline plain.mp4 --add 10-x
code asfs pipeline plain.mp4 plain.mp4 --reject 1
code asfs pipeline plain.mp4 --min-seconds 30 --max-seconds 20
code asfs pipeline plain.mp4 --accept 7 2>&1 | tail -n 2
code asfs pipeline plain.mp4 --add 0:10-0:50 2>&1 | tail -n 2
echo "--- its file of settings"
mkdir -p lib/config
echo '{"cut": {"framing": "zoom"}}' > lib/config/pipeline.json
code asfs pipeline plain.mp4
rm lib/config/pipeline.json
echo "--- nothing is cut before it is reviewed"
code asfs --json pipeline plain.mp4 2> words | python3 -c '
import json, sys
text = sys.stdin.read(); document, end = json.JSONDecoder().raw_decode(text); print(text[end:].strip())
for clip in document["videos"][0]["clips"]: print(clip["n"], clip["decision"], clip["file"])
print(document["uploads"])'
tail -n 1 words
ls lib/output 2> /dev/null
echo "--- finished clips begin at stage 9"
mkdir clips
cp "$CLIPS/first.mp4" "$CLIPS/second.mp4" clips
code asfs --practice pipeline clips --platform YouTube | sed -E 's|https?://[^ ]*|LINK|' | sort
code asfs pipeline explain nothing-1
