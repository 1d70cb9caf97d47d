# With duplicates on the same video goes out again; the earlier post is not forgotten.
start_practice
asfs register "$CLIPS/first.mp4" > /dev/null
code asfs --practice "$PRACTICE" upload first youtube
code asfs --practice "$PRACTICE" duplicates first on
code asfs --practice "$PRACTICE" upload first YouTube
posts | wc -l
code asfs --practice "$PRACTICE" duplicates first off
code asfs --practice "$PRACTICE" upload first YouTube
posts | wc -l
sqlite3 lib/practice/database/videos.db 'select upload_status from asfs_upload_history order by rowid'
