-- Runs once, on a library in which practice and real uploads stood side by side, told apart by marks (format 6). What
-- practice left goes, and a row that it had written is again what stood before. Only what is certain: a state of a row
-- is practice's when the last IN_PROGRESS up to it was written by an attempt that was marked, and a SUCCESS only when
-- it also has that attempt's post id (or when a later look at that post wrote it).

CREATE TEMP TABLE practice_attempts AS
SELECT a.* FROM asfs_attempts a JOIN asfs_practice_attempts p ON p.attempt_id = a.id;

CREATE INDEX temp.practice_attempts_pair ON practice_attempts(video_id, platform);

-- Every state of the rows they may have written, oldest first; the present one last.
CREATE TEMP TABLE row_states AS
SELECT id AS n, 0 AS present, video_id, platform, upload_status, upload_timestamp, platform_post_id, error_message,
       retry_count, 0 AS practice
FROM asfs_upload_history WHERE (video_id, platform) IN (SELECT video_id, platform FROM practice_attempts)
UNION ALL
SELECT (SELECT ifnull(max(id), 0) + 1 FROM asfs_upload_history), 1, video_id, platform, upload_status, upload_timestamp,
       platform_post_id, error_message, retry_count, 0
FROM video_uploads WHERE (video_id, platform) IN (SELECT video_id, platform FROM practice_attempts)
                     AND video_id IN (SELECT id FROM videos);

CREATE INDEX temp.row_states_pair ON row_states(video_id, platform, n);

UPDATE row_states SET practice = 1 WHERE upload_status = 'IN_PROGRESS' AND EXISTS (
    SELECT 1 FROM practice_attempts a WHERE a.video_id = row_states.video_id AND a.platform = row_states.platform
                                        AND a.row_timestamp = row_states.upload_timestamp);

UPDATE row_states SET practice = 1 WHERE upload_status = 'SUCCESS' AND EXISTS (
    SELECT 1 FROM practice_attempts a WHERE a.video_id = row_states.video_id AND a.platform = row_states.platform
        AND a.state = 'succeeded' AND a.post_id IS row_states.platform_post_id
        AND (a.post_id IS NOT NULL OR abs(strftime('%s', row_states.upload_timestamp, 'utc')
                                          - strftime('%s', a.ended_at)) <= 2));

-- A later look keeps the time of a SUCCESS.
UPDATE row_states SET practice = 1 WHERE upload_status = 'SUCCESS' AND EXISTS (
    SELECT 1 FROM row_states seen WHERE seen.video_id = row_states.video_id AND seen.platform = row_states.platform
        AND seen.practice = 1 AND seen.upload_status = 'SUCCESS' AND seen.upload_timestamp = row_states.upload_timestamp);

-- The others go by what came last before them.
UPDATE row_states SET practice = 1 WHERE upload_status NOT IN ('IN_PROGRESS', 'SUCCESS') AND 1 = (
    SELECT before.practice FROM row_states before
    WHERE before.video_id = row_states.video_id AND before.platform = row_states.platform AND before.n < row_states.n
      AND before.upload_status IN ('IN_PROGRESS', 'SUCCESS') ORDER BY before.n DESC LIMIT 1);

CREATE TEMP TABLE restored AS
SELECT before.* FROM row_states now JOIN row_states before
    ON before.video_id = now.video_id AND before.platform = now.platform AND before.practice = 0
WHERE now.present = 1 AND now.practice = 1 AND before.n = (
    SELECT max(n) FROM row_states r WHERE r.video_id = now.video_id AND r.platform = now.platform AND r.practice = 0);

-- Not an UPDATE: nothing may become BLOCKED or RATE_LIMITED from a SUCCESS. The trigger writes the state that goes into
-- the history, from which it goes with the others.
DELETE FROM video_uploads WHERE (video_id, platform) IN (
    SELECT video_id, platform FROM row_states WHERE present = 1 AND practice = 1);

INSERT INTO video_uploads(video_id, platform, upload_status, upload_timestamp, platform_post_id, error_message,
                          retry_count)
SELECT video_id, platform, upload_status, upload_timestamp, platform_post_id, error_message, retry_count FROM restored;

DELETE FROM asfs_upload_history WHERE id IN (SELECT n FROM row_states WHERE practice = 1 AND present = 0)
    OR id IN (SELECT n FROM restored)
    OR (id >= (SELECT max(n) FROM row_states WHERE present = 1)
        AND (video_id, platform) IN (SELECT video_id, platform FROM row_states WHERE present = 1 AND practice = 1));

-- The audit trail is never rewritten; this says which of its posts were none.
INSERT OR IGNORE INTO asfs_practice_posts(video_id, platform, post_id, at)
SELECT video_id, platform, ifnull(post_id, ''), ended_at FROM practice_attempts WHERE state = 'succeeded';

INSERT OR IGNORE INTO asfs_practice_posts(video_id, platform, post_id, at)
SELECT r.video_id, r.platform, r.platform_post_id, strftime('%Y-%m-%dT%H:%M:%fZ', r.upload_timestamp, 'utc')
FROM row_states r WHERE r.practice = 1 AND r.upload_status = 'SUCCESS' AND r.platform_post_id IS NOT NULL;

DELETE FROM asfs_slots WHERE attempt_id IN (SELECT id FROM practice_attempts);
DELETE FROM asfs_webhooks WHERE attempt_id IN (SELECT id FROM practice_attempts);
DELETE FROM asfs_post_checks WHERE EXISTS (
    SELECT 1 FROM asfs_practice_posts p WHERE p.video_id = asfs_post_checks.video_id
        AND p.platform = asfs_post_checks.platform AND p.post_id = asfs_post_checks.post_id);
DELETE FROM asfs_attempts WHERE id IN (SELECT id FROM practice_attempts);
DROP TABLE asfs_practice_attempts;

-- The tables that had a column of that name are made anew by the scripts that make them, and filled again from here.
CREATE TEMP TABLE real_queue AS SELECT * FROM asfs_queue WHERE practice = 0;
CREATE TEMP TABLE real_quotas AS SELECT * FROM asfs_quotas WHERE practice = 0;
DROP TABLE asfs_queue;
DROP TABLE asfs_quotas;

DROP TABLE temp.restored;
DROP TABLE temp.row_states;
DROP TABLE temp.practice_attempts;
