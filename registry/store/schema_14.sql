-- What came with the fourteenth version. Every statement may run again on a library that has it already.

-- Contents that were made of another one, as a hook phrase was put on a finished clip: to who sees it, the same clip.
-- `original` was itself made of nothing. Nothing is ever taken out.
CREATE TABLE IF NOT EXISTS asfs_made_of (
    checksum TEXT PRIMARY KEY,
    original TEXT NOT NULL
) WITHOUT ROWID;

CREATE INDEX IF NOT EXISTS asfs_made_of_original ON asfs_made_of(original);
