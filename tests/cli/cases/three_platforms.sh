# One video goes to all three platforms, each with its own words; the second one with the same bytes goes to none.
start_practice
asfs register "$CLIPS/second.mp4" > /dev/null
cat > words.json <<'JSON'
{"caption": "Line one\n\nLine two", "hashtags": ["#art"], "TikTok": {"caption": "For TikTok", "privacy": "private"}}
JSON
for platform in Instagram TikTok YouTube; do
  asfs --practice "$PRACTICE" upload second $platform --metadata words.json > /dev/null 2>&1
  echo "exit $?"
done
curl -s "$PRACTICE/practice/posts" | python3 -c 'import json,sys
for p in json.load(sys.stdin): print(p["platform"], json.dumps(p["caption"]))'
# Another program may have put the same file in under another id.
sqlite3 lib/database/videos.db "insert into videos select 'copy', file_path, title, created_at, duration, checksum, 0
  from videos"
asfs --practice "$PRACTICE" upload copy TikTok 2>&1 | sed -E 's/post [^,]+,/post ID,/'
asfs --practice "$PRACTICE" list
echo '{"TikTok": {"caption": "'"$(head -c 2300 /dev/zero | tr '\0' x)"'"}}' > long.json
asfs register "$CLIPS/first.mp4" > /dev/null
code asfs --practice "$PRACTICE" upload first TikTok --metadata long.json
curl -s "$PRACTICE/practice/posts" | python3 -c 'import json,sys; print(len(json.load(sys.stdin)), "posts")'
