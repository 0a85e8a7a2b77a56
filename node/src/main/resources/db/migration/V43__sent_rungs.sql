-- A transaction is replaced by itself at a higher fee: each of its hashes stays on record under the
-- permit, since any of them may be the one that is mined.
CREATE TABLE rung (
  id     INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, -- the order of writing
  key    BLOB    NOT NULL CHECK (length(key) = 32), -- the permit's digest
  sender TEXT    NOT NULL, -- CAIP-10
  nonce  INTEGER NOT NULL CHECK (nonce >= 0),
  tx     BLOB    NOT NULL CHECK (length(tx) = 32),
  UNIQUE (key, tx)
) STRICT;

INSERT INTO rung (key, sender, nonce, tx) SELECT key, sender, nonce, tx FROM sent;

DROP TABLE sent;

ALTER TABLE rung RENAME TO sent;

CREATE INDEX sent_by ON sent (sender, nonce);
