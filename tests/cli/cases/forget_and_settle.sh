# Rows that other programs left: they need a person, are settled under exactly their name, and can be forgotten.
asfs register "$CLIPS/first.mp4" > /dev/null
sql() { sqlite3 lib/database/videos.db "$1"; }
row() { sql "INSERT INTO video_uploads(video_id, platform, upload_status, upload_timestamp) VALUES ('first', '$1', '$2', '$3')"; }
row YouTube IN_PROGRESS 2026-01-02T08:00:00
row youtube IN_PROGRESS 2026-01-02T08:00:00
row Vimeo IN_PROGRESS 2026-01-02T08:00:00
row TikTok IN_PROGRESS "$(date +%Y-%m-%dT%H:%M:%S)"
code asfs list
code asfs forget first YouTube
code asfs settle first TikTok not-live
code asfs settle first TikTok not-live --sure
code asfs settle first youtube not-live
sql "SELECT platform, upload_status FROM video_uploads ORDER BY platform"
code asfs forget first youtube
code asfs forget first Vimeo
code asfs forget first vimeo
code asfs settle first YOUTUBE live --post-id abcdefghijk
code asfs forget first YouTube
code asfs plan --platform YouTube
code asfs settle first YouTube not-live
code asfs plan --platform TikTok
