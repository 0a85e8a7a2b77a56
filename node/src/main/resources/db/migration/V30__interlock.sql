-- The interlock's state, as the JSON of audit.RecordJson; one row.
CREATE TABLE interlock (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  state TEXT NOT NULL
) STRICT;
