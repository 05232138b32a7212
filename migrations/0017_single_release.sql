-- In an emergency one officer releases alone. It counts until another has looked at it: he confirms or rejects before the limit, and what is
-- not confirmed by then is recalled.

CREATE TABLE single_release (
  statement digest PRIMARY KEY,
  position bigint NOT NULL UNIQUE,
  kind text NOT NULL,
  officer text NOT NULL,                -- who released it alone
  released_at bigint NOT NULL,
  confirm_by bigint NOT NULL,
  outcome text,
  decided_by text,                      -- another officer; nobody where the limit decided
  decided_at bigint,
  act text,                             -- of who decided, as JSON: why, and what he has confirmed
  recall digest,                        -- the statement that ends it
  CHECK (confirm_by > released_at),
  CONSTRAINT four_eyes CHECK (outcome = 'lapsed' OR coalesce(decided_by <> officer, outcome IS NULL)),
  CONSTRAINT decided CHECK (CASE outcome
    WHEN 'confirmed' THEN decided_at < confirm_by AND act IS NOT NULL AND recall IS NULL
    WHEN 'rejected' THEN decided_at < confirm_by AND act IS NOT NULL AND recall IS NOT NULL
    WHEN 'lapsed' THEN decided_at >= confirm_by AND decided_by IS NULL AND act IS NULL AND recall IS NOT NULL
    ELSE outcome IS NULL AND decided_by IS NULL AND decided_at IS NULL AND act IS NULL AND recall IS NULL END IS TRUE)
);
CREATE INDEX single_release_undecided ON single_release (confirm_by) WHERE outcome IS NULL;

CREATE FUNCTION decided_once() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'this release is decided already' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER decided_once BEFORE UPDATE ON single_release FOR EACH ROW WHEN (OLD.outcome IS NOT NULL) EXECUTE FUNCTION decided_once();

-- Where a second officer was asked for, there is one; or it stands here as the release of one alone, or is the recall that ends such a one.
ALTER TABLE statement
  ADD COLUMN single_release digest REFERENCES single_release (statement),
  ADD CHECK (single_release = digest OR kind = 'recall'),
  DROP CONSTRAINT four_eyes,
  ADD CONSTRAINT four_eyes CHECK (NOT second_officer OR coalesce(author <> releaser, false) OR single_release IS NOT NULL);
ALTER TABLE release
  ADD COLUMN single_release digest REFERENCES single_release (statement),
  ADD CHECK (single_release = statement OR kind = 'recall'),
  DROP CONSTRAINT four_eyes,
  ADD CONSTRAINT four_eyes CHECK (NOT second_officer OR coalesce(author <> released_by, false) OR single_release IS NOT NULL);
ALTER TABLE draft
  ADD COLUMN single_release digest REFERENCES single_release (statement),
  ADD CHECK (single_release = statement),
  DROP CONSTRAINT four_eyes,
  ADD CONSTRAINT four_eyes CHECK (state <> 'released' OR coalesce(author <> decided_by, false) OR single_release IS NOT NULL);

-- Two statements may meet with the same on one day.
DROP INDEX notice_said;
CREATE UNIQUE INDEX notice_said ON notice (event, peer, release, statement, code) NULLS NOT DISTINCT;

DO $$
DECLARE
  application name := current_setting('entente.application_role');
BEGIN
  EXECUTE format('GRANT SELECT, INSERT ON single_release TO %I', application);
  EXECUTE format('GRANT UPDATE (outcome, decided_by, decided_at, act, recall) ON single_release TO %I', application);
END $$;
