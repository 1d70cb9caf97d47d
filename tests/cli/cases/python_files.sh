# Videos of the Python program have no checksum: the very file they name is them, by any path, and is not posted again.
mkdir -p lib/database lib/output/clips
cp "$CLIPS/first.mp4" lib/output/clips/clip.mp4
touch -d '2026-02-10 08:00' lib/output/clips/clip.mp4
sqlite3 lib/database/videos.db <<'SQL'
CREATE TABLE videos (id TEXT PRIMARY KEY, file_path TEXT NOT NULL, title TEXT, created_at TEXT NOT NULL, duration REAL,
  checksum TEXT, duplicate_allowed INTEGER DEFAULT 0);
CREATE TABLE video_uploads (id INTEGER PRIMARY KEY AUTOINCREMENT, video_id TEXT NOT NULL, platform TEXT NOT NULL,
  upload_status TEXT NOT NULL, upload_timestamp TEXT NOT NULL, platform_post_id TEXT, error_message TEXT,
  retry_count INTEGER DEFAULT 0, FOREIGN KEY (video_id) REFERENCES videos(id), UNIQUE(video_id, platform));
INSERT INTO videos VALUES ('clip', 'output/clips/clip.mp4', NULL, '2026-02-10T09:00:00', 0.0, NULL, 0);
INSERT INTO video_uploads (video_id, platform, upload_status, upload_timestamp, platform_post_id) VALUES
  ('clip', 'YouTube', 'SUCCESS', '2026-02-11T08:10:00', 'abcdefghijk');
SQL
ln lib/output/clips/clip.mp4 linked.mp4
cp lib/output/clips/clip.mp4 copied.mp4
code asfs register lib/output/clips/clip.mp4
code asfs register linked.mp4 copied.mp4
code asfs list
# The next source's clips are written over the old ones, and posted under the old row.
cp "$CLIPS/second.mp4" lib/output/clips/clip.mp4
touch -d '2026-03-01 08:00' lib/output/clips/clip.mp4
sqlite3 lib/database/videos.db "UPDATE video_uploads SET upload_timestamp = '2026-03-02T08:00:00', platform_post_id = 'ABCDEFGHIJK'"
code asfs register lib/output/clips/clip.mp4
code asfs plan --platform YouTube
