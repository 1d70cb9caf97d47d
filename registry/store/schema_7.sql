-- What came with the seventh version. Every statement may run again on a library that has it already.

-- Contents whose last second was decoded once, so that this need not be done again.
CREATE TABLE IF NOT EXISTS asfs_decoded (
    checksum TEXT PRIMARY KEY,
    size INTEGER NOT NULL
) WITHOUT ROWID;
