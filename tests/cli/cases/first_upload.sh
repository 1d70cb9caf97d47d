# The main job: register, upload, see it everywhere, be refused the second time.
start_practice
code asfs register "$CLIPS/first.mp4" --title "First"
code asfs --practice "$PRACTICE" upload first YouTube --json
posts
code asfs --practice "$PRACTICE" upload first YouTube
code asfs --practice "$PRACTICE" status first YouTube --json
posts | wc -l
tail -2 lib/practice/logs/uploads.log
sqlite3 lib/practice/audit/events.db 'select clip_id, platform, status, upload_id, retry_count, error_message, metadata from upload_events'
code asfs --practice "$PRACTICE" history first
