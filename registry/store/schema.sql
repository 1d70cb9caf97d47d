-- The library's tables, shared ones first. Every statement may run again on a library that has them already.
-- Nothing here is newer than SQLite 3.24: the Python program's own SQLite must read this schema and run the triggers.

-- ---- shared with the Python program, to the letter ----

CREATE TABLE IF NOT EXISTS videos (
    id TEXT PRIMARY KEY,
    file_path TEXT NOT NULL,
    title TEXT,
    created_at TEXT NOT NULL,
    duration REAL,
    checksum TEXT,
    duplicate_allowed INTEGER DEFAULT 0
);

CREATE TABLE IF NOT EXISTS video_uploads (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    video_id TEXT NOT NULL,
    platform TEXT NOT NULL,
    upload_status TEXT NOT NULL,
    upload_timestamp TEXT NOT NULL,
    platform_post_id TEXT,
    error_message TEXT,
    retry_count INTEGER DEFAULT 0,
    FOREIGN KEY (video_id) REFERENCES videos(id),
    UNIQUE(video_id, platform)
);

CREATE INDEX IF NOT EXISTS idx_video_uploads_status ON video_uploads(video_id, platform, upload_status);

-- ---- our own ----

CREATE TABLE IF NOT EXISTS asfs_migrations (
    version INTEGER PRIMARY KEY,
    name TEXT NOT NULL,
    applied_at TEXT NOT NULL
);

CREATE INDEX IF NOT EXISTS asfs_videos_checksum ON videos(checksum);

-- One try to put a video on a platform (upload_ledger.h). `open` is 1 while something may be unfinished on the
-- platform: it runs, can be resumed, or waits for a person's answer. A later try closes it.
CREATE TABLE IF NOT EXISTS asfs_attempts (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    video_id TEXT NOT NULL,
    platform TEXT NOT NULL,
    state TEXT NOT NULL,
    open INTEGER NOT NULL,
    started_at TEXT NOT NULL,               -- UTC, like all times of our own
    ended_at TEXT,
    row_timestamp TEXT NOT NULL,            -- upload_timestamp of the IN_PROGRESS row it wrote: another one is foreign
    checksum TEXT,                          -- of the content it sends
    owner TEXT NOT NULL,                    -- `pid 123 on host`
    owner_boot TEXT NOT NULL,
    owner_pid INTEGER NOT NULL,
    owner_started INTEGER NOT NULL,
    lease_until INTEGER NOT NULL,           -- unix ms
    handle TEXT,
    maybe_published INTEGER NOT NULL DEFAULT 0,
    bytes_sent INTEGER NOT NULL DEFAULT 0,
    bytes_total INTEGER NOT NULL DEFAULT 0,
    post_id TEXT,
    error TEXT,
    retry_at TEXT,
    metadata TEXT NOT NULL
);

CREATE UNIQUE INDEX IF NOT EXISTS asfs_attempts_open ON asfs_attempts(video_id, platform) WHERE open = 1;
CREATE INDEX IF NOT EXISTS asfs_attempts_video ON asfs_attempts(video_id, platform);

-- Every earlier state of a video_uploads row, whoever replaced it.
CREATE TABLE IF NOT EXISTS asfs_upload_history (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    replaced_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now')),
    video_id TEXT,
    platform TEXT,
    upload_status TEXT,
    upload_timestamp TEXT,
    platform_post_id TEXT,
    error_message TEXT,
    retry_count INTEGER,
    checksum TEXT                           -- of the video then
);

CREATE INDEX IF NOT EXISTS asfs_upload_history_video ON asfs_upload_history(video_id, platform);

-- Which videos changed, newest last; a video stands here once. AUTOINCREMENT, or a number could come back.
CREATE TABLE IF NOT EXISTS asfs_changes (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    video_id TEXT UNIQUE
);

-- ---- triggers: they run inside the Python program's writes too ----

-- DELETE then INSERT, not INSERT OR REPLACE: the outer statement's OR IGNORE would win over the trigger's OR REPLACE.

CREATE TRIGGER IF NOT EXISTS asfs_video_inserted AFTER INSERT ON videos
BEGIN
    DELETE FROM asfs_changes WHERE video_id IS NEW.id;
    INSERT INTO asfs_changes(video_id) VALUES (NEW.id);
END;

CREATE TRIGGER IF NOT EXISTS asfs_video_updated AFTER UPDATE ON videos
BEGIN
    DELETE FROM asfs_changes WHERE video_id IS NEW.id;
    INSERT INTO asfs_changes(video_id) VALUES (NEW.id);
END;

CREATE TRIGGER IF NOT EXISTS asfs_video_renamed AFTER UPDATE OF id ON videos WHEN OLD.id IS NOT NEW.id
BEGIN
    DELETE FROM asfs_changes WHERE video_id IS OLD.id;
    INSERT INTO asfs_changes(video_id) VALUES (OLD.id);
END;

CREATE TRIGGER IF NOT EXISTS asfs_video_deleted AFTER DELETE ON videos
BEGIN
    DELETE FROM asfs_changes WHERE video_id IS OLD.id;
    INSERT INTO asfs_changes(video_id) VALUES (OLD.id);
END;

CREATE TRIGGER IF NOT EXISTS asfs_upload_inserted AFTER INSERT ON video_uploads
BEGIN
    DELETE FROM asfs_changes WHERE video_id IS NEW.video_id;
    INSERT INTO asfs_changes(video_id) VALUES (NEW.video_id);
END;

CREATE TRIGGER IF NOT EXISTS asfs_upload_updated AFTER UPDATE ON video_uploads
BEGIN
    DELETE FROM asfs_changes WHERE video_id IS NEW.video_id;
    INSERT INTO asfs_changes(video_id) VALUES (NEW.video_id);
END;

CREATE TRIGGER IF NOT EXISTS asfs_upload_moved AFTER UPDATE OF video_id ON video_uploads
WHEN OLD.video_id IS NOT NEW.video_id
BEGIN
    DELETE FROM asfs_changes WHERE video_id IS OLD.video_id;
    INSERT INTO asfs_changes(video_id) VALUES (OLD.video_id);
END;

CREATE TRIGGER IF NOT EXISTS asfs_upload_deleted AFTER DELETE ON video_uploads
BEGIN
    DELETE FROM asfs_changes WHERE video_id IS OLD.video_id;
    INSERT INTO asfs_changes(video_id) VALUES (OLD.video_id);
END;

-- A SUCCESS is never replaced by BLOCKED or RATE_LIMITED: that write is dropped. This stands before the copy, because
-- IGNORE undoes nothing.

CREATE TRIGGER IF NOT EXISTS asfs_upload_updating BEFORE UPDATE ON video_uploads
WHEN (OLD.video_id, OLD.platform, OLD.upload_status, OLD.upload_timestamp, OLD.platform_post_id,
      OLD.error_message, OLD.retry_count)
     IS NOT (NEW.video_id, NEW.platform, NEW.upload_status, NEW.upload_timestamp, NEW.platform_post_id,
             NEW.error_message, NEW.retry_count)
BEGIN
    SELECT RAISE(IGNORE)
    WHERE OLD.upload_status = 'SUCCESS' AND NEW.upload_status IN ('BLOCKED', 'RATE_LIMITED');
    INSERT INTO asfs_upload_history(video_id, platform, upload_status, upload_timestamp, platform_post_id,
                                    error_message, retry_count, checksum)
    SELECT OLD.video_id, OLD.platform, OLD.upload_status, OLD.upload_timestamp, OLD.platform_post_id,
           OLD.error_message, OLD.retry_count, (SELECT checksum FROM videos WHERE id = OLD.video_id);
END;

CREATE TRIGGER IF NOT EXISTS asfs_upload_deleting BEFORE DELETE ON video_uploads
BEGIN
    INSERT INTO asfs_upload_history(video_id, platform, upload_status, upload_timestamp, platform_post_id,
                                    error_message, retry_count, checksum)
    SELECT OLD.video_id, OLD.platform, OLD.upload_status, OLD.upload_timestamp, OLD.platform_post_id,
           OLD.error_message, OLD.retry_count, (SELECT checksum FROM videos WHERE id = OLD.video_id);
END;

-- INSERT OR REPLACE removes the old row without firing delete triggers.
CREATE TRIGGER IF NOT EXISTS asfs_upload_replacing BEFORE INSERT ON video_uploads
WHEN EXISTS (SELECT 1 FROM video_uploads WHERE video_id = NEW.video_id AND platform = NEW.platform)
BEGIN
    SELECT RAISE(IGNORE) FROM video_uploads
    WHERE video_id = NEW.video_id AND platform = NEW.platform AND upload_status = 'SUCCESS'
      AND NEW.upload_status IN ('BLOCKED', 'RATE_LIMITED');
    INSERT INTO asfs_upload_history(video_id, platform, upload_status, upload_timestamp, platform_post_id,
                                    error_message, retry_count, checksum)
    SELECT video_id, platform, upload_status, upload_timestamp, platform_post_id,
           error_message, retry_count, (SELECT checksum FROM videos WHERE id = NEW.video_id)
    FROM video_uploads WHERE video_id = NEW.video_id AND platform = NEW.platform;
END;

-- A state is kept once: an upsert fires the INSERT and the UPDATE trigger, and INSERT OR IGNORE copies a row that
-- then stays. The newest copy never equals the present state otherwise.
CREATE TRIGGER IF NOT EXISTS asfs_history_once BEFORE INSERT ON asfs_upload_history
WHEN EXISTS (
    SELECT 1 FROM (SELECT * FROM asfs_upload_history
                   WHERE video_id IS NEW.video_id AND platform IS NEW.platform ORDER BY id DESC LIMIT 1) newest
    WHERE (newest.upload_status, newest.upload_timestamp, newest.platform_post_id, newest.error_message,
           newest.retry_count)
          IS (NEW.upload_status, NEW.upload_timestamp, NEW.platform_post_id, NEW.error_message, NEW.retry_count))
BEGIN
    SELECT RAISE(IGNORE);
END;
