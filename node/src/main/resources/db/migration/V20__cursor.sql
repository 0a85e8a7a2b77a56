-- The last blocks of each chain that were dealt with for good.
CREATE TABLE processed_block (
  chain TEXT NOT NULL,
  number INTEGER NOT NULL CHECK (number >= 0),
  hash TEXT NOT NULL,
  time INTEGER NOT NULL,
  PRIMARY KEY (chain, number)
) STRICT, WITHOUT ROWID;
