-- What came with the second version. Every statement may run again on a library that has it already.

-- Whether the same content was sent under another id.
CREATE INDEX IF NOT EXISTS asfs_attempts_checksum ON asfs_attempts(checksum, platform);

-- Posts whose platform is to be asked once more whether it kept them (post_checks.h). A row goes when that is known.
CREATE TABLE IF NOT EXISTS asfs_post_checks (
    video_id TEXT NOT NULL,
    platform TEXT NOT NULL,
    post_id TEXT NOT NULL,
    metadata TEXT NOT NULL,                 -- what the post was to say
    place TEXT NOT NULL,                    -- address of the platform: a practice post is nothing to the real one
    due_at INTEGER NOT NULL,                -- unix ms
    tries INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (video_id, platform)
);

CREATE INDEX IF NOT EXISTS asfs_post_checks_due ON asfs_post_checks(due_at);
