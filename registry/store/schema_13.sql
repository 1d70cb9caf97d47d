-- What came with the thirteenth version. Every statement may run again on a library that has it already.

-- Which process take() lent an item to, for as long as it stands at the time of the loan: when that process ends, the
-- item is due again at once.
CREATE TABLE IF NOT EXISTS asfs_queue_loans (
    video_id TEXT NOT NULL,
    platform TEXT NOT NULL,
    owner TEXT NOT NULL,                    -- as asfs_queue.session
    PRIMARY KEY (video_id, platform)
) WITHOUT ROWID;

CREATE TRIGGER IF NOT EXISTS asfs_queue_given_back AFTER UPDATE OF ready_at ON asfs_queue
WHEN new.ready_at <> old.ready_at
BEGIN
    DELETE FROM asfs_queue_loans WHERE video_id = old.video_id AND platform = old.platform;
END;

CREATE TRIGGER IF NOT EXISTS asfs_queue_lent_and_gone AFTER DELETE ON asfs_queue
BEGIN
    DELETE FROM asfs_queue_loans WHERE video_id = old.video_id AND platform = old.platform;
END;
