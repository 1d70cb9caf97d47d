-- What came with the eleventh version. Every statement may run again on a library that has it already.

-- Platforms to which nothing goes just now, whatever the video (destination_waits.h).
CREATE TABLE IF NOT EXISTS asfs_waits (
    platform TEXT PRIMARY KEY,
    why TEXT NOT NULL,                      -- 'offline', 'sign_in', 'account'
    since INTEGER NOT NULL,                 -- unix ms
    probe_at INTEGER NOT NULL,              -- unix ms, when one upload tries again
    probes INTEGER NOT NULL,
    said TEXT NOT NULL
);
