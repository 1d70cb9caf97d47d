-- What came with the fourth version. Every statement may run again on a library that has it already.

-- What the content with this checksum is, as it was registered: another size is another content.
CREATE TABLE IF NOT EXISTS asfs_files (
    video_id TEXT PRIMARY KEY,
    checksum TEXT NOT NULL,
    size INTEGER NOT NULL,
    duration REAL NOT NULL,
    width INTEGER NOT NULL,
    height INTEGER NOT NULL,
    video_codec TEXT NOT NULL,
    fps REAL NOT NULL
);

-- The posts an account may make in 24 hours, and has made by any program, as the platform last told.
CREATE TABLE IF NOT EXISTS asfs_quotas (
    platform TEXT PRIMARY KEY NOT NULL,
    total INTEGER NOT NULL,
    used INTEGER NOT NULL,
    asked_at INTEGER NOT NULL               -- unix ms
) WITHOUT ROWID;
