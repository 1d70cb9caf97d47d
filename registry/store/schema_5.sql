-- What came with the fifth version. Every statement may run again on a library that has it already.

-- What webhooks are still to be told (webhook_outbox.h). A row goes when it is delivered or nobody wants it any more.
-- No address and no secret stands here: those are in config/webhooks.json.
CREATE TABLE IF NOT EXISTS asfs_webhooks (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    delivery TEXT NOT NULL UNIQUE,          -- the same over all tries, so that a receiver can drop repeats
    webhook TEXT NOT NULL,                  -- SHA-256 of its url; '': the file could not be read, all in it are meant
    event TEXT NOT NULL,
    video_id TEXT NOT NULL,
    platform TEXT NOT NULL,
    attempt_id INTEGER,                     -- NULL: a person's answer about another program's upload
    body TEXT NOT NULL,                     -- what is posted
    created_at INTEGER NOT NULL,            -- unix ms, like the next
    next_at INTEGER NOT NULL,               -- not before; ahead while a process delivers it
    lent INTEGER NOT NULL DEFAULT 0,        -- 1: until next_at somebody is delivering it
    tries INTEGER NOT NULL DEFAULT 0,
    given_up INTEGER NOT NULL DEFAULT 0,
    error TEXT                              -- why the last try failed
);

CREATE INDEX IF NOT EXISTS asfs_webhooks_due ON asfs_webhooks(given_up, next_at);
