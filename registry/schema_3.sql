-- What came with the third version. Every statement may run again on a library that has it already.

-- When posts were made, or may have been made, by our own attempts (slots.h). A running attempt counts without a row.
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
