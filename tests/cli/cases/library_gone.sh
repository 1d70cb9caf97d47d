# A library that goes away or is emptied is never begun anew where posts were made.
asfs register "$CLIPS/first.mp4" > /dev/null
mkdir lib/audit
sqlite3 lib/audit/events.db "CREATE TABLE upload_events (id INTEGER PRIMARY KEY AUTOINCREMENT, timestamp TEXT NOT NULL,
  clip_id TEXT NOT NULL, platform TEXT NOT NULL, status TEXT NOT NULL, upload_id TEXT, retry_count INTEGER DEFAULT 0,
  error_message TEXT, metadata TEXT);
  INSERT INTO upload_events(timestamp, clip_id, platform, status, upload_id) VALUES
  ('2026-02-11T08:00:00', 'first', 'YouTube', 'success', 'abc')"
code asfs plan --platform YouTube
code asfs settle first YouTube not-live
code asfs plan --platform TikTok
mv lib/database/videos.db kept.db
rm -f lib/database/videos.db-*
code asfs list
: > lib/database/videos.db
code asfs list
ls lib/database
cp kept.db lib/database/videos.db
code asfs list
