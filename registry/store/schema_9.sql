-- What came with the ninth version. Every statement may run again on a library that has it already.

-- Posts that versions up to the sixth made on practice platforms, as the audit trail still tells: no evidence of a real
-- one. Nothing is added to it any more.
CREATE TABLE IF NOT EXISTS asfs_practice_posts (
    video_id TEXT NOT NULL,
    platform TEXT NOT NULL,
    post_id TEXT NOT NULL,                  -- '' when the platform gave none
    at TEXT NOT NULL,                       -- UTC
    PRIMARY KEY (video_id, platform, post_id)
);

-- What a practice library last copied out of the library it belongs to (practice_copy.h): what differs from it has
-- changed there since, and a video that is not in it was added in practice. Empty in every other library.
CREATE TABLE IF NOT EXISTS asfs_copied (
    id TEXT PRIMARY KEY,
    file_path,
    title,
    created_at,
    duration,
    checksum,
    duplicate_allowed,
    document                                -- what its posts are to say
);

CREATE INDEX IF NOT EXISTS asfs_copied_checksum ON asfs_copied(checksum);
