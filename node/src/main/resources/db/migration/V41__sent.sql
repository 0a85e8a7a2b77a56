-- Transactions of responder keys, written before they are sent.
CREATE TABLE sent (
  key    BLOB    NOT NULL PRIMARY KEY CHECK (length(key) = 32), -- the permit's digest
  sender TEXT    NOT NULL, -- CAIP-10
  nonce  INTEGER NOT NULL CHECK (nonce >= 0),
  tx     BLOB    NOT NULL CHECK (length(tx) = 32)
) STRICT;

CREATE INDEX sent_by ON sent (sender, nonce);
