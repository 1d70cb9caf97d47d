# A library as the Python program leaves it: opened in place, shown as it is, and still its own afterwards.
mkdir -p lib/database
sqlite3 lib/database/videos.db <<'SQL'
CREATE TABLE videos (id TEXT PRIMARY KEY, file_path TEXT NOT NULL, title TEXT, created_at TEXT NOT NULL, duration REAL,
  checksum TEXT, duplicate_allowed INTEGER DEFAULT 0);
CREATE TABLE video_uploads (id INTEGER PRIMARY KEY AUTOINCREMENT, video_id TEXT NOT NULL, platform TEXT NOT NULL,
  upload_status TEXT NOT NULL, upload_timestamp TEXT NOT NULL, platform_post_id TEXT, error_message TEXT,
  retry_count INTEGER DEFAULT 0, FOREIGN KEY (video_id) REFERENCES videos(id), UNIQUE(video_id, platform));
INSERT INTO videos VALUES ('clip_001', 'output/clips/clip_001.mp4', 'Clip 1', '2026-02-11T08:00:00.000001', 12.5, NULL, 0),
  ('clip_002', 'output/clips/clip_002.mp4', NULL, '2026-02-11T09:00:00', 'long', x'00ff', 'maybe');
INSERT INTO video_uploads (video_id, platform, upload_status, upload_timestamp, platform_post_id) VALUES
  ('clip_001', 'YouTube', 'SUCCESS', '2026-02-11T08:10:00', 'YouTube upload submitted (verify manually)'),
  ('clip_001', 'youtube', 'DONE?', '2026-02-11T08:10:00', NULL),
  ('clip_002', 'TikTok', 'IN_PROGRESS', '2026-02-11T08:10:00', NULL), ('gone', 'TikTok', 'FAILED', 'x', NULL);
SQL
code asfs list
code asfs upload clip_001 YouTube
code asfs --practice upload clip_002 YouTube
sqlite3 lib/database/videos.db "update video_uploads set upload_status='BLOCKED', platform_post_id=NULL where platform='YouTube' and video_id='clip_001';
  select upload_status, platform_post_id from video_uploads where platform='YouTube' and video_id='clip_001'"
