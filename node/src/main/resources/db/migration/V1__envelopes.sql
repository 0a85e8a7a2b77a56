-- Every envelope admitted, in its author's order without gaps; wire holds the bytes as received.
CREATE TABLE envelope (
  position INTEGER PRIMARY KEY,
  author   BLOB    NOT NULL CHECK (length(author) = 20),
  sequence INTEGER NOT NULL CHECK (sequence > 0),
  topic    TEXT    NOT NULL,
  wire     BLOB    NOT NULL,
  received INTEGER NOT NULL, -- milliseconds since 1970
  UNIQUE (author, sequence)
) STRICT;

CREATE INDEX envelope_of_topic ON envelope (topic, received);

-- Up to which sequence each author's envelopes were handed on.
CREATE TABLE delivery (
  author   BLOB    NOT NULL PRIMARY KEY CHECK (length(author) = 20),
  sequence INTEGER NOT NULL CHECK (sequence > 0)
) STRICT;

-- Two different envelopes that one author signed under one sequence; never deleted.
CREATE TABLE envelope_conflict (
  author   BLOB    NOT NULL CHECK (length(author) = 20),
  sequence INTEGER NOT NULL CHECK (sequence > 0),
  first    BLOB    NOT NULL,
  second   BLOB    NOT NULL,
  noticed  INTEGER NOT NULL, -- milliseconds since 1970
  PRIMARY KEY (author, sequence)
) STRICT;
