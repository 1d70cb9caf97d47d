-- Brings a practice library up to date with the library it belongs to, attached as `library` (practice_copy.h). The
-- views library_words and library_files are what that one says of its videos, whatever its version.

CREATE TEMP TABLE changed AS
SELECT v.id, v.file_path, v.title, v.created_at, v.duration, v.checksum, v.duplicate_allowed, w.document
FROM library.videos v LEFT JOIN library_words w ON w.video_id = v.id WHERE v.id IS NOT NULL
EXCEPT SELECT * FROM asfs_copied;

CREATE UNIQUE INDEX temp.changed_id ON changed(id);

CREATE TEMP TABLE removed AS
SELECT id FROM asfs_copied c WHERE NOT EXISTS (SELECT 1 FROM library.videos v WHERE v.id = c.id);

-- Added in practice, and now another video of the library has the id: it goes on under one of its own.
CREATE TEMP TABLE renamed AS
SELECT p.id AS old, p.id || '-' || substr(ifnull(p.checksum, 'practice'), 1, 8) AS new
FROM videos p JOIN changed c ON c.id = p.id
WHERE NOT EXISTS (SELECT 1 FROM asfs_copied k WHERE k.id = p.id)
  AND p.checksum IS NOT c.checksum AND p.file_path IS NOT c.file_path;

PRAGMA defer_foreign_keys = ON;
UPDATE OR IGNORE videos SET id = (SELECT new FROM renamed WHERE old = id) WHERE id IN (SELECT old FROM renamed);
UPDATE OR REPLACE asfs_metadata SET video_id = (SELECT new FROM renamed WHERE old = video_id)
WHERE video_id IN (SELECT old FROM renamed);
UPDATE OR REPLACE asfs_files SET video_id = (SELECT new FROM renamed WHERE old = video_id)
WHERE video_id IN (SELECT old FROM renamed);

-- Where a video stands in practice goes with it.
CREATE TEMP TABLE left_over AS SELECT id FROM removed UNION SELECT old FROM renamed;
DELETE FROM video_uploads WHERE video_id IN (SELECT id FROM left_over);
DELETE FROM asfs_upload_history WHERE video_id IN (SELECT id FROM left_over);
DELETE FROM asfs_attempts WHERE video_id IN (SELECT id FROM left_over);
DELETE FROM asfs_queue WHERE video_id IN (SELECT id FROM left_over);
DELETE FROM asfs_post_checks WHERE video_id IN (SELECT id FROM left_over);
DELETE FROM videos WHERE id IN (SELECT id FROM removed);
DELETE FROM asfs_metadata WHERE video_id IN (SELECT id FROM removed);
DELETE FROM asfs_files WHERE video_id IN (SELECT id FROM removed);
DELETE FROM asfs_copied WHERE id IN (SELECT id FROM removed);

INSERT INTO videos(id, file_path, title, created_at, duration, checksum, duplicate_allowed)
SELECT id, file_path, title, created_at, duration, checksum, duplicate_allowed FROM changed WHERE true ORDER BY created_at
ON CONFLICT(id) DO UPDATE SET file_path = excluded.file_path, title = excluded.title, created_at = excluded.created_at,
    duration = excluded.duration, checksum = excluded.checksum, duplicate_allowed = excluded.duplicate_allowed;

DELETE FROM asfs_metadata WHERE video_id IN (SELECT id FROM changed WHERE document IS NULL);
INSERT OR REPLACE INTO asfs_metadata(video_id, document) SELECT id, document FROM changed WHERE document IS NOT NULL;

INSERT OR REPLACE INTO asfs_copied SELECT * FROM changed;

INSERT OR REPLACE INTO asfs_files(video_id, checksum, size, duration, width, height, video_codec, fps)
SELECT video_id, checksum, size, duration, width, height, video_codec, fps FROM library_files
WHERE video_id IN (SELECT id FROM asfs_copied)
EXCEPT SELECT video_id, checksum, size, duration, width, height, video_codec, fps FROM asfs_files;

DROP TABLE temp.left_over;
DROP TABLE temp.renamed;
DROP TABLE temp.removed;
DROP TABLE temp.changed;
