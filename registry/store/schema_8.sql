-- What came with the eighth version. Every statement may run again on a library that has it already.

-- Which attempts are tries at one and the same post: `chain` is the first of them. An attempt without a row is the
-- first and only one of its chain.
CREATE TABLE IF NOT EXISTS asfs_chains (
    attempt_id INTEGER PRIMARY KEY,
    chain INTEGER NOT NULL,
    waits_since INTEGER,                    -- unix ms: since when nothing but the platform's word on it is waited for
    acknowledged INTEGER NOT NULL DEFAULT 0 -- 1: the platform said that it has every byte
);

-- Whose post an id is.
CREATE INDEX IF NOT EXISTS asfs_attempts_post ON asfs_attempts(post_id) WHERE post_id IS NOT NULL;
CREATE INDEX IF NOT EXISTS asfs_uploads_post ON video_uploads(platform_post_id) WHERE platform_post_id IS NOT NULL;
CREATE INDEX IF NOT EXISTS asfs_upload_history_post ON asfs_upload_history(platform_post_id)
WHERE platform_post_id IS NOT NULL;

-- A handle holds an upload address that works without a token: none is kept once its attempt has ended.
UPDATE asfs_attempts SET handle = NULL WHERE handle IS NOT NULL AND (open = 0 OR state = 'unconfirmed');
