-- This member's first verdict on each claim: final in every epoch; never changed or deleted.
CREATE TABLE verdict (
  claim   BLOB    NOT NULL PRIMARY KEY CHECK (length(claim) = 32),
  verdict INTEGER NOT NULL CHECK (verdict IN (1, 2))
) STRICT;

CREATE TRIGGER verdict_is_final BEFORE UPDATE ON verdict
BEGIN SELECT RAISE(ABORT, 'a verdict is final'); END;

CREATE TRIGGER verdict_is_kept BEFORE DELETE ON verdict
BEGIN SELECT RAISE(ABORT, 'a verdict is final'); END;

-- Opposite signed verdicts of one member on one claim; never deleted.
CREATE TABLE equivocation (
  position INTEGER PRIMARY KEY,
  member   BLOB    NOT NULL CHECK (length(member) = 20),
  claim    BLOB    NOT NULL CHECK (length(claim) = 32),
  proof    BLOB    NOT NULL,
  UNIQUE (member, claim)
) STRICT;
