# A document beside the file says what its posts say; the command line has the last word.
start_practice
cp "$CLIPS/first.mp4" clip.mp4
echo '{"title": "From the file", "caption": "Line one", "TikTok": {"caption": "For TikTok"}}' > clip.json
asfs register clip.mp4 > /dev/null
asfs --practice "$PRACTICE" upload --all-pending --platform TikTok > /dev/null 2>&1
asfs --practice "$PRACTICE" upload clip YouTube --title "From the line" > /dev/null 2>&1
curl -s "$PRACTICE/practice/posts" | python3 -c 'import json,sys
for p in json.load(sys.stdin): print(p["platform"], "|", p["title"], "|", p["caption"])'
echo "--- a document that is none, and words that nobody knows"
cp "$CLIPS/second.mp4" bad.mp4
echo '["no object"]' > bad.json
code asfs register bad.mp4
echo '{"titel": "x"}' > bad.json
code asfs register bad.mp4 2>&1 | sed 's/; there are .*//'
echo "--- a document of another program"
echo '{"text": " Hello.", "segments": [], "language": "en"}' > bad.json
code asfs register bad.mp4
asfs --practice "$PRACTICE" plan --platform YouTube | sed 's/; .* to send//'
