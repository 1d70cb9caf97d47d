-- What came with the sixth version. Every statement may run again on a library that has it already.

-- Goes up with every row of asfs_queue that changes: who shows the queue reads it again only then.
CREATE TABLE IF NOT EXISTS asfs_queue_changes (
    count INTEGER NOT NULL
);

INSERT INTO asfs_queue_changes(count) SELECT 0 WHERE NOT EXISTS (SELECT 1 FROM asfs_queue_changes);

CREATE TRIGGER IF NOT EXISTS asfs_queue_added AFTER INSERT ON asfs_queue
BEGIN
    UPDATE asfs_queue_changes SET count = count + 1;
END;

CREATE TRIGGER IF NOT EXISTS asfs_queue_altered AFTER UPDATE ON asfs_queue
BEGIN
    UPDATE asfs_queue_changes SET count = count + 1;
END;

CREATE TRIGGER IF NOT EXISTS asfs_queue_removed AFTER DELETE ON asfs_queue
BEGIN
    UPDATE asfs_queue_changes SET count = count + 1;
END;
