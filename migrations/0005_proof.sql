-- What proves the logs to others: leaves found by what they speak of, cosignatures of witnesses, and what peers say of their own logs.

-- Of the object that the leaf speaks of: a proof is asked for by its name.
ALTER TABLE log_leaf ADD COLUMN digest digest;
UPDATE log_leaf SET digest = decode(translate(leaf::json ->> 'digest', '-_', '+/') || '=', 'base64') WHERE leaf::json ->> 'digest' IS NOT NULL;
CREATE INDEX log_leaf_by_digest ON log_leaf (digest) WHERE digest IS NOT NULL;

-- Signature lines of witnesses under this node's own checkpoints (C2SP tlog-cosignature).
CREATE TABLE cosignature (
  epoch integer NOT NULL,
  size bigint NOT NULL,
  witness text NOT NULL,                -- entity id
  line text NOT NULL,
  at bigint NOT NULL,                   -- what the witness says
  PRIMARY KEY (epoch, size, witness)
);

-- Checkpoints of peers' logs, as they signed them: in a table and never in a log, or two idle logs would grow each other for ever. Two
-- rows of one origin and size with two roots prove a fork, by two signatures of the one whose log it is.
CREATE TABLE peer_checkpoint (
  peer text NOT NULL REFERENCES peer,
  origin text NOT NULL,
  size bigint NOT NULL,
  root digest NOT NULL,
  note text NOT NULL,
  at bigint NOT NULL,
  cosigned_at bigint,                   -- this node, as a witness, has cosigned it
  PRIMARY KEY (peer, origin, size, root)
);

-- Once a day the root of the access log becomes a leaf of the exchange log. The leaf does not name the size: peers see it.
CREATE TABLE access_root (
  day integer PRIMARY KEY,              -- since the epoch, UTC
  epoch integer NOT NULL,
  size bigint NOT NULL,
  root digest NOT NULL,
  at bigint NOT NULL
);

-- What concerns a log and no release is told apart by its code.
DROP INDEX notice_said;
CREATE UNIQUE INDEX notice_said ON notice (event, peer, release, code) NULLS NOT DISTINCT;

ALTER TABLE peer_checkpoint ENABLE ROW LEVEL SECURITY;
CREATE POLICY by_peer ON peer_checkpoint USING (visible_to(peer)) WITH CHECK (visible_to(peer));

-- A witness that came from a backup may have cosigned more than it knows.
CREATE TRIGGER refuse_until_recovered BEFORE INSERT OR UPDATE ON peer_checkpoint FOR EACH STATEMENT EXECUTE FUNCTION refuse_until_recovered();

DO $$
DECLARE
  application text := current_setting('entente.application_role');
BEGIN
  EXECUTE format('GRANT SELECT, INSERT ON cosignature, peer_checkpoint, access_root TO %I', application);
  EXECUTE format('GRANT UPDATE (cosigned_at) ON peer_checkpoint TO %I', application);
END $$;
