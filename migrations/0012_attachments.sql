-- Attachments: bytes that statements name by their SHA-256. They lie here in encrypted chunks, each attachment under a key of its own, and
-- go with the last content that names them: no file outside the database can be forgotten by an erasure, a backup or a restore.

CREATE TABLE attachment (
  name bytea PRIMARY KEY,               -- HMAC of the SHA-256 of the bytes: nothing derived from content stands in clear
  state text NOT NULL CHECK (state IN ('partial', 'complete')),
  bytes bigint NOT NULL,                -- stored so far
  wrapped_key bytea NOT NULL,           -- under a key that is in no database and no backup of one
  kek_id text NOT NULL,
  created_at bigint NOT NULL
);

CREATE TABLE attachment_chunk (
  name bytea NOT NULL,
  number integer NOT NULL,              -- from 0
  ciphertext bytea NOT NULL,
  PRIMARY KEY (name, number)
);
ALTER TABLE attachment_chunk ALTER COLUMN ciphertext SET STORAGE EXTERNAL;

-- Which content names it: of the statement at its originator, of the release at a recipient.
CREATE TABLE attachment_use (
  ref digest NOT NULL,
  name bytea NOT NULL,
  bytes bigint NOT NULL,                -- as the statement says
  code text,                            -- why what its sender gave was refused
  PRIMARY KEY (ref, name)
);
CREATE INDEX attachment_use_of_name ON attachment_use (name);

-- Whatever erases a content erases what only it has named.
CREATE FUNCTION forget_attachments() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  gone bytea;
BEGIN
  FOR gone IN DELETE FROM attachment_use WHERE ref = NEW.ref RETURNING name LOOP
    IF NOT EXISTS (SELECT FROM attachment_use WHERE name = gone) THEN
      DELETE FROM attachment_chunk WHERE name = gone;
      DELETE FROM attachment WHERE name = gone;
    END IF;
  END LOOP;
  RETURN NULL;
END $$;
REVOKE ALL ON FUNCTION forget_attachments FROM PUBLIC;
CREATE TRIGGER forget_attachments AFTER UPDATE OF erased_at ON content_name
  FOR EACH ROW WHEN (NEW.erased_at IS NOT NULL AND OLD.erased_at IS NULL) EXECUTE FUNCTION forget_attachments();

-- What came was not what it should be, or an upload broke off: the next one begins anew.
CREATE FUNCTION restart_attachment(restarted bytea) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
  DELETE FROM attachment_chunk WHERE name = restarted AND EXISTS (SELECT FROM attachment WHERE name = restarted AND state = 'partial');
  UPDATE attachment SET bytes = 0 WHERE name = restarted AND state = 'partial';
$$;
REVOKE ALL ON FUNCTION restart_attachment FROM PUBLIC;

-- Uploads that no statement has named.
CREATE FUNCTION expire_attachments(before bigint) RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  expired bigint;
BEGIN
  WITH gone AS (
    DELETE FROM attachment a WHERE created_at < before AND NOT EXISTS (SELECT FROM attachment_use u WHERE u.name = a.name) RETURNING name
  ), chunks AS (
    DELETE FROM attachment_chunk c USING gone WHERE c.name = gone.name
  ) SELECT count(*) INTO expired FROM gone;
  RETURN expired;
END $$;
REVOKE ALL ON FUNCTION expire_attachments FROM PUBLIC;

DO $$
DECLARE
  application name := current_setting('entente.application_role');
BEGIN
  EXECUTE format('GRANT SELECT, INSERT ON attachment, attachment_chunk, attachment_use TO %I', application);
  EXECUTE format('GRANT UPDATE (state, bytes, wrapped_key, kek_id) ON attachment TO %I', application);
  EXECUTE format('GRANT UPDATE (code) ON attachment_use TO %I', application);
  EXECUTE format('GRANT EXECUTE ON FUNCTION restart_attachment, expire_attachments TO %I', application);
END $$;
