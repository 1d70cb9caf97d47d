-- What came with the third version. Every statement may run again on a library that has it already.

-- When posts were made, or may have been made, by our own attempts (post_times.h). A running attempt counts without a row.
CREATE TABLE IF NOT EXISTS asfs_slots (
    attempt_id INTEGER PRIMARY KEY,
    platform TEXT NOT NULL,
    at INTEGER NOT NULL                     -- unix ms
);

CREATE INDEX IF NOT EXISTS asfs_slots_at ON asfs_slots(platform, at);

-- Posts made by other programs count as well.
CREATE INDEX IF NOT EXISTS asfs_uploads_posted ON video_uploads(platform, upload_timestamp)
WHERE upload_status = 'SUCCESS';

-- What the platforms asked to wait for, and what runs.
CREATE INDEX IF NOT EXISTS asfs_attempts_waits ON asfs_attempts(platform, id) WHERE state = 'rate_limited';
CREATE INDEX IF NOT EXISTS asfs_attempts_running ON asfs_attempts(platform) WHERE state = 'running';

INSERT OR IGNORE INTO asfs_slots(attempt_id, platform, at)
SELECT id, platform, CAST(strftime('%s', ended_at) AS INTEGER) * 1000 FROM asfs_attempts
WHERE state = 'succeeded' AND ended_at IS NOT NULL;

-- Uploads that are asked for and not done yet (upload_queue.h). A row goes when its upload is done or given up.
CREATE TABLE IF NOT EXISTS asfs_queue (
    video_id TEXT NOT NULL,
    platform TEXT NOT NULL,
    place INTEGER NOT NULL,                 -- order of those that wait for no time
    ready_at INTEGER NOT NULL DEFAULT 0,    -- unix ms, not before: scheduled, a pause between tries, or taken
    held INTEGER NOT NULL DEFAULT 0,        -- 1: paused by a person
    metadata TEXT NOT NULL DEFAULT '{}',
    by_hand INTEGER NOT NULL DEFAULT 0,     -- a person asked for this very upload: FAILED_FINAL is tried again
    scheduled_at INTEGER,                   -- unix ms, as a person asked
    every_s INTEGER NOT NULL DEFAULT 0,     -- distance of the slots in its series; 0: a day
    series INTEGER NOT NULL DEFAULT 0,      -- scheduled in one go
    if_missed TEXT NOT NULL DEFAULT 'now',  -- a slot that was slept through: 'now' or 'next'
    session TEXT NOT NULL DEFAULT '',       -- the process that alone may take it; '': any
    PRIMARY KEY (video_id, platform)
) WITHOUT ROWID;

CREATE INDEX IF NOT EXISTS asfs_queue_next ON asfs_queue(platform, held, session, ready_at, place);
CREATE INDEX IF NOT EXISTS asfs_queue_missable ON asfs_queue(platform, series) WHERE if_missed = 'next';

-- What the posts of a video are to say: the document that lay beside its file (uploaders/metadata/metadata.h).
CREATE TABLE IF NOT EXISTS asfs_metadata (
    video_id TEXT PRIMARY KEY,
    document TEXT NOT NULL
);

-- What a person chose for this library and every program that works on it.
CREATE TABLE IF NOT EXISTS asfs_settings (
    name TEXT PRIMARY KEY,
    value TEXT NOT NULL
);

CREATE INDEX IF NOT EXISTS asfs_upload_history_posted ON asfs_upload_history(video_id, platform)
WHERE upload_status = 'SUCCESS';
