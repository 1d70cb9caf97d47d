# A spreadsheet says what the posts say, for each platform; nothing of a bad one is applied.
start_practice
cp "$CLIPS/first.mp4" . && cp "$CLIPS/second.mp4" .
cat > posts.csv <<'CSV'
file,title,caption,hashtags,YouTube.title,YouTube.privacy,TikTok.caption,Instagram.share_to_feed
first.mp4,One,"Tea, or
coffee?",#tea #art,For YouTube,private,よく晴れた日 ☀,no
second.mp4,Two,,,,,"Say ""two""",
CSV
code asfs register first.mp4 second.mp4 --metadata posts.csv
asfs metadata first
asfs --practice "$PRACTICE" upload --all-pending > /dev/null 2>&1
curl -s "$PRACTICE/practice/posts" | python3 -c 'import json,sys
for line in sorted(repr([p["platform"], p["title"], p["caption"]]) for p in json.load(sys.stdin)): print(line)'
echo "--- mistakes are told by line and column, and nothing is changed"
printf 'id;captoin;draft;YouTube.title\r\nfirst;x;maybe;T\r\nsecond;"open\r\n' > bad.csv
cp "$CLIPS/big.mp4" .
code asfs metadata bad.csv
code asfs register big.mp4 --metadata bad.csv
printf 'id,title\nfirst,New\nnobody,New\n' > nobody.csv
code asfs metadata nobody.csv
code asfs metadata none.csv
asfs metadata first | grep title
asfs list --json | grep -c '"id"'
echo "--- laid over what there is, field by field"
printf '\357\273\277id;hashtags;TikTok.draft\r\nfirst;#new;yes\r\n' > more.csv
code asfs metadata more.csv
asfs metadata more.csv --json
echo "--- one document for a video, and for files"
echo '{"title": "Set", "tags": ["a", "b"]}' > document.json
code asfs metadata second document.json
echo '{}' | asfs metadata second -
echo '{"titel": "x"}' | code asfs metadata second -
code asfs metadata nobody
code asfs metadata nobody document.json
code asfs register big.mp4 --metadata document.json
asfs metadata big
