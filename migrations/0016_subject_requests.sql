-- Requests of persons about what is held of them: the register that a supervisory authority asks for. Who asks, what he says and what he
-- was answered is encrypted like any content; in clear stand codes, times and pseudonyms of officers.

CREATE TABLE subject_request (
  id text PRIMARY KEY,
  position bigint NOT NULL UNIQUE,      -- order of registration
  version integer NOT NULL,
  state text NOT NULL CHECK (state IN ('open', 'proposed', 'answered')),
  asked_right text NOT NULL,
  channel text NOT NULL,
  identity text NOT NULL,
  received_at bigint NOT NULL,
  due_at bigint NOT NULL,
  extended boolean NOT NULL,
  searched_at bigint,
  outcome text,
  ground text,                          -- of a refusal: kept, never told
  registered_by text NOT NULL,
  composed_by text,
  confirmed_by text,
  answered_at bigint,
  ciphertext bytea,                     -- gone at the end of its retention
  wrapped_key bytea,
  kek_id text,
  created_at bigint NOT NULL,
  updated_at bigint NOT NULL,
  -- What an agency says to a person two people have seen.
  CONSTRAINT four_eyes CHECK (state <> 'answered' OR coalesce(composed_by <> confirmed_by, false))
);
CREATE INDEX subject_request_due ON subject_request (due_at) WHERE answered_at IS NULL;

-- Statements in which a search found him, or somebody of his name.
CREATE TABLE subject_finding (
  request text NOT NULL REFERENCES subject_request (id),
  statement digest NOT NULL,
  position bigint NOT NULL,
  found_by text NOT NULL,
  found_at bigint NOT NULL,
  concerns boolean,                     -- NULL: nobody has compared
  compared_by text,
  draft text,                           -- the question to the originator, while it waits for a second officer
  referral digest,                      -- the question, a statement
  unreachable text,                     -- why the originator cannot be asked
  referred_by text,
  PRIMARY KEY (request, statement)
);

-- The register keeps that somebody asked and how it was dealt with, not who he was.
CREATE FUNCTION forget_subjects(before bigint, moment bigint) RETURNS SETOF text
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
  UPDATE subject_request SET ciphertext = NULL, wrapped_key = NULL, kek_id = NULL, updated_at = moment
    WHERE answered_at < before AND ciphertext IS NOT NULL RETURNING id;
$$;
REVOKE ALL ON FUNCTION forget_subjects FROM PUBLIC;

DO $$
DECLARE
  application name := current_setting('entente.application_role');
BEGIN
  EXECUTE format('GRANT SELECT, INSERT ON subject_request, subject_finding TO %I', application);
  EXECUTE format('GRANT UPDATE (version, state, identity, due_at, extended, searched_at, outcome, ground, composed_by, confirmed_by, answered_at, ciphertext, wrapped_key, kek_id, updated_at) ON subject_request TO %I', application);
  EXECUTE format('GRANT UPDATE (concerns, compared_by, draft, referral, unreachable, referred_by) ON subject_finding TO %I', application);
  EXECUTE format('GRANT EXECUTE ON FUNCTION forget_subjects TO %I', application);
END $$;
