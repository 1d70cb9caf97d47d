# Ids, duplicate content, and files that are refused.
code asfs register "$CLIPS/first.mp4" "$CLIPS/second.mp4"
code asfs register "$CLIPS/first.mp4"
mkdir other && cp "$CLIPS/second.mp4" other/first.mp4
code asfs register other/first.mp4
sqlite3 lib/database/videos.db "delete from videos where id='second'"
code asfs register other/first.mp4
code asfs register "$CLIPS/notes.mp4"
code asfs register "$CLIPS/empty.mp4"
code asfs register missing.mp4
code asfs register "$CLIPS/first.mp4" "$CLIPS/second.mp4" --id x
code asfs register
asfs list --json | python3 -c 'import json,sys; print([v["id"] for v in json.load(sys.stdin)])'
