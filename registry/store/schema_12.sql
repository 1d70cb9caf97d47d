-- What came with the twelfth version. Every statement may run again on a library that has it already.

-- Whose account an attempt goes to, in the platform's own id; none while that is not known.
CREATE TABLE IF NOT EXISTS asfs_attempt_accounts (
    attempt_id INTEGER PRIMARY KEY,
    account TEXT NOT NULL
);

CREATE INDEX IF NOT EXISTS asfs_attempt_accounts_of ON asfs_attempt_accounts(account);
