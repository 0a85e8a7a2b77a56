-- The audit log: hash = keccak(previous, sequence, digest), digest = keccak(salt, body).
-- Salt and body are null once erased; the chain of hashes still holds.
CREATE TABLE audit_entry (
  sequence INTEGER PRIMARY KEY CHECK (sequence > 0),
  previous BLOB    NOT NULL CHECK (length(previous) = 32),
  digest   BLOB    NOT NULL CHECK (length(digest) = 32),
  hash     BLOB    NOT NULL CHECK (length(hash) = 32),
  salt     BLOB    CHECK (length(salt) = 32),
  body     BLOB,
  CHECK ((salt IS NULL) = (body IS NULL))
) STRICT;
