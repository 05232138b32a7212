-- A database that came back from a backup may be older than what its peers hold of it. Until somebody has found out and said how to go
-- on, it adds nothing: whatever it signed at a position that it gave before would be a second history (docs/protocol.md section 9).

-- Each time that this database stopped being the node's one living history.
CREATE TABLE restoration (
  number integer PRIMARY KEY,           -- 1, 2, ...
  cause text NOT NULL CHECK (cause IN ('given_away', 'restored', 'taken_over')),
  at bigint NOT NULL,
  taken_at bigint NOT NULL              -- of the backup
);

-- How it went on. One row answers for the restoration named and all before it.
CREATE TABLE recovery (
  restoration integer PRIMARY KEY,
  at bigint NOT NULL,
  outcome text NOT NULL CHECK (outcome IN ('same_epoch', 'new_epoch')),
  epoch integer NOT NULL,
  findings json NOT NULL                -- what each peer held of this node
);

CREATE FUNCTION refuse_until_recovered() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
  IF (SELECT max(number) FROM restoration) > (SELECT coalesce(max(restoration), 0) FROM recovery) THEN
    RAISE EXCEPTION 'this database came from a backup and is not recovered' USING ERRCODE = 'object_not_in_prerequisite_state';
  END IF;
  RETURN NULL;
END $$;
-- Whatever is issued, released, received, receipted, put on a page, voided or logged moves a head.
CREATE TRIGGER refuse_until_recovered BEFORE UPDATE ON head FOR EACH STATEMENT EXECUTE FUNCTION refuse_until_recovered();
CREATE TRIGGER refuse_until_recovered BEFORE INSERT ON checkpoint FOR EACH STATEMENT EXECUTE FUNCTION refuse_until_recovered();

DO $$
BEGIN
  EXECUTE format('GRANT SELECT ON restoration, recovery TO %I', current_setting('entente.application_role'));
  EXECUTE format('GRANT INSERT ON recovery TO %I', current_setting('entente.application_role'));
END $$;
