-- What an envelope's message is about, so that a member's first words on it are found at any time.
ALTER TABLE envelope ADD COLUMN subject BLOB CHECK (subject IS NULL OR length(subject) = 32);

CREATE INDEX envelope_about ON envelope (subject, author, sequence) WHERE subject IS NOT NULL;
