-- What came with the tenth version. Every statement may run again on a library that has it already.

-- Which library this is, for as long as it lives; a copy of it is the same one.
CREATE TABLE IF NOT EXISTS asfs_library (
    id TEXT NOT NULL
);

INSERT INTO asfs_library(id) SELECT lower(hex(randomblob(16))) WHERE NOT EXISTS (SELECT 1 FROM asfs_library);

-- Rows that say somebody uploads, and videos whose content is not known yet: few among many.
CREATE INDEX IF NOT EXISTS asfs_uploads_in_progress ON video_uploads(video_id, platform)
WHERE upload_status = 'IN_PROGRESS';
CREATE INDEX IF NOT EXISTS asfs_videos_unknown ON videos(id) WHERE checksum IS NULL;
CREATE INDEX IF NOT EXISTS asfs_videos_path ON videos(file_path);

-- Where the files of videos lay on the disk when last looked at (identity.h): the same file by another path, and of
-- those whose content is not known the ones that have a size. A row is of the path that the video has.
CREATE TABLE IF NOT EXISTS asfs_disk_files (
    video_id TEXT PRIMARY KEY,
    file_path TEXT NOT NULL,
    size INTEGER NOT NULL,                  -- -1: there was no such file
    changed_at INTEGER NOT NULL,            -- of the file, unix ns
    device INTEGER NOT NULL,
    inode INTEGER NOT NULL,
    checksum TEXT                           -- its content, where that was read but is not the video's
);

CREATE INDEX IF NOT EXISTS asfs_disk_files_size ON asfs_disk_files(size);
CREATE INDEX IF NOT EXISTS asfs_disk_files_place ON asfs_disk_files(inode, device);

-- What an id meant before: its file and content, from created_at on. Kept by triggers, so for other programs, too.
CREATE TABLE IF NOT EXISTS asfs_video_history (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    replaced_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%f', 'now', 'localtime')),
    video_id TEXT,
    file_path TEXT,
    checksum TEXT,
    created_at TEXT
);

CREATE INDEX IF NOT EXISTS asfs_video_history_video ON asfs_video_history(video_id);

CREATE TRIGGER IF NOT EXISTS asfs_video_deleting BEFORE DELETE ON videos
BEGIN
    INSERT INTO asfs_video_history(video_id, file_path, checksum, created_at)
    VALUES (OLD.id, OLD.file_path, OLD.checksum, OLD.created_at);
END;

-- A checksum that becomes known is no other meaning.
CREATE TRIGGER IF NOT EXISTS asfs_video_altering BEFORE UPDATE OF id, file_path, checksum ON videos
WHEN OLD.id IS NOT NEW.id OR OLD.file_path IS NOT NEW.file_path
     OR (OLD.checksum IS NOT NULL AND OLD.checksum IS NOT NEW.checksum)
BEGIN
    INSERT INTO asfs_video_history(video_id, file_path, checksum, created_at)
    VALUES (OLD.id, OLD.file_path, OLD.checksum, OLD.created_at);
END;

-- INSERT OR REPLACE removes the old row without firing delete triggers.
CREATE TRIGGER IF NOT EXISTS asfs_video_replacing BEFORE INSERT ON videos
WHEN EXISTS (SELECT 1 FROM videos WHERE id = NEW.id
             AND (file_path IS NOT NEW.file_path OR checksum IS NOT NEW.checksum OR created_at IS NOT NEW.created_at))
BEGIN
    INSERT INTO asfs_video_history(video_id, file_path, checksum, created_at)
    SELECT id, file_path, checksum, created_at FROM videos WHERE id = NEW.id;
END;

-- Posts that are known from elsewhere (evidence.h): the audit trail, words in a row, a file that was overwritten.
CREATE TABLE IF NOT EXISTS asfs_evidence (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    source TEXT NOT NULL,                   -- as a person is told
    video_id TEXT NOT NULL,
    platform TEXT NOT NULL,
    at TEXT NOT NULL,                       -- local time, as the Python program writes it
    post_id TEXT,
    checksum TEXT,                          -- of the content, where that is known
    certain INTEGER NOT NULL,               -- 0: it may be of another content, or never was made
    UNIQUE(video_id, platform, at, source)
);

CREATE INDEX IF NOT EXISTS asfs_evidence_content ON asfs_evidence(checksum, platform) WHERE checksum IS NOT NULL;
CREATE INDEX IF NOT EXISTS asfs_evidence_at ON asfs_evidence(platform, at);

-- How far audit/events.db has been read.
CREATE TABLE IF NOT EXISTS asfs_audit_read (
    last_id INTEGER NOT NULL,
    last_timestamp TEXT NOT NULL            -- of that event: another one there is another file
);

-- The newest event of a video on a platform: a program that wrote one lately may be at it.
CREATE TABLE IF NOT EXISTS asfs_last_events (
    video_id TEXT NOT NULL,
    platform TEXT NOT NULL,
    at TEXT NOT NULL,
    PRIMARY KEY (video_id, platform)
) WITHOUT ROWID;

-- When a person last said that a video is not live: evidence up to then asks no more.
CREATE TABLE IF NOT EXISTS asfs_answers (
    video_id TEXT NOT NULL,
    platform TEXT NOT NULL,
    at TEXT NOT NULL,                       -- local time
    PRIMARY KEY (video_id, platform)
) WITHOUT ROWID;

CREATE INDEX IF NOT EXISTS asfs_upload_history_content ON asfs_upload_history(checksum, platform)
WHERE checksum IS NOT NULL AND upload_status IN ('SUCCESS', 'BLOCKED');

-- Rows that are IN_PROGRESS without a living upload behind them (unattended.h), as of the last look.
CREATE TABLE IF NOT EXISTS asfs_unattended (
    video_id TEXT NOT NULL,
    platform TEXT NOT NULL,
    upload_timestamp TEXT NOT NULL,
    PRIMARY KEY (video_id, platform)
) WITHOUT ROWID;

CREATE INDEX IF NOT EXISTS asfs_upload_history_posted_at ON asfs_upload_history(platform, upload_timestamp)
WHERE upload_status = 'SUCCESS';
