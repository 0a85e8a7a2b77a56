-- What responder keys spent on gas, or may still have to pay, one row a nonce.
CREATE TABLE gas (
  payer   TEXT    NOT NULL, -- CAIP-10
  nonce   INTEGER NOT NULL CHECK (nonce >= 0),
  pending INTEGER NOT NULL CHECK (pending IN (0, 1)), -- first bid against a pending attack
  amount  TEXT    NOT NULL, -- wei: paid, or the most that a bid may cost
  paid    INTEGER NOT NULL CHECK (paid IN (0, 1)),
  at      INTEGER NOT NULL, -- of the last bid, in milliseconds since 1970
  PRIMARY KEY (payer, nonce)
) STRICT, WITHOUT ROWID;
