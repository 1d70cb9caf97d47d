# The main job: register, upload, see it everywhere, be refused the second time.
start_practice
code asfs register "$CLIPS/first.mp4" --title "First"
code asfs --practice "$PRACTICE" upload first YouTube --json
posts
code asfs --practice "$PRACTICE" upload first YouTube
code asfs status first YouTube --json
posts | wc -l
tail -2 lib/logs/uploads.log
sqlite3 lib/audit/events.db 'select clip_id, platform, status, upload_id, retry_count, error_message, metadata from upload_events'
code asfs history first
