-- Recall, correction, replacement; erasure and retention (docs/protocol.md sections 10 and 11).

-- What statements say of others by their open relations. One that came before its target waits here and counts when the target comes,
-- for those who have the same originator.
CREATE TABLE reversal (
  statement digest PRIMARY KEY,         -- that says it
  position bigint NOT NULL UNIQUE,
  type text NOT NULL CHECK (type IN ('recalls', 'corrects', 'supersedes')),
  iss text NOT NULL,
  target digest NOT NULL,
  own boolean NOT NULL,
  effect text,                          -- of a recall
  parts bytea NOT NULL,                 -- digests of the disclosures that are recalled or corrected; of a recall, none is the whole
  comply_by bigint NOT NULL,
  at bigint NOT NULL,
  -- Of this node as a holder: what it answered.
  outcome text,
  kept_until bigint,
  answer digest,                        -- the statement of compliance
  answered_at bigint
);
CREATE INDEX reversal_of_target ON reversal (target);
CREATE INDEX reversal_unanswered ON reversal (position) WHERE outcome IS NULL AND NOT own AND type <> 'supersedes';

-- Which contents it was applied to: `stopped` can still be erased by an officer.
CREATE TABLE reversal_applied (
  reversal digest NOT NULL,
  ref digest NOT NULL,
  state text NOT NULL CHECK (state IN ('stopped', 'done')),
  at bigint NOT NULL,
  PRIMARY KEY (reversal, ref)
);

-- Own statements that rest on what was recalled or corrected.
CREATE TABLE reversal_derivative (
  reversal digest NOT NULL,
  statement digest NOT NULL,
  at bigint NOT NULL,
  PRIMARY KEY (reversal, statement)
);

-- What holders answered to reversals of this node.
CREATE TABLE compliance (
  statement digest PRIMARY KEY,
  position bigint NOT NULL UNIQUE,
  reversal digest NOT NULL,
  peer text NOT NULL,
  outcome text NOT NULL,
  kept_until bigint,
  at bigint NOT NULL
);
CREATE INDEX compliance_of_reversal ON compliance (reversal, peer);

-- Stops erasure, not restriction.
CREATE TABLE legal_hold (
  position bigint PRIMARY KEY,
  statement digest NOT NULL,
  reason text NOT NULL,
  placed_by text NOT NULL,
  placed_at bigint NOT NULL,
  lifted_by text,
  lifted_at bigint
);
CREATE UNIQUE INDEX legal_hold_living ON legal_hold (statement) WHERE lifted_at IS NULL;

-- Key-encryption keys that are gone for good: from then on no copy of what was erased before can come back.
CREATE TABLE kek_destroyed (
  kek_id text PRIMARY KEY,
  at bigint NOT NULL
);

ALTER TABLE content_name
  ADD COLUMN expires_at bigint,         -- erased by the clock; NULL: no limit
  ADD COLUMN review_at bigint,
  ADD COLUMN erased_kek text,           -- under which it was when it was erased
  ADD COLUMN waits_for text;            -- peer whose feed must be read to its end before anything is matched with it
CREATE INDEX content_expiring ON content_name (expires_at) WHERE erased_at IS NULL AND expires_at IS NOT NULL;
CREATE INDEX content_reviewed ON content_name (review_at) WHERE erased_at IS NULL AND review_at IS NOT NULL;
CREATE INDEX content_waiting ON content_name (waits_for, position) WHERE waits_for IS NOT NULL;
CREATE INDEX content_by_kek ON content (kek_id);
CREATE INDEX content_erased ON content_name (erased_at) WHERE erased_at IS NOT NULL;

UPDATE content_name c SET expires_at = r.retain_until FROM inbox i JOIN received r ON r.position = i.position WHERE i.digest = c.ref AND i.verdict = 'held';

CREATE OR REPLACE FUNCTION erase(erased digest, moment bigint) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  content_position bigint;
  statement_position bigint;
BEGIN
  UPDATE content_name c SET erased_at = moment, waits_for = NULL, erased_kek = (SELECT kek_id FROM content k WHERE k.position = c.position)
    WHERE ref = erased AND erased_at IS NULL
      AND NOT EXISTS (SELECT FROM legal_hold h WHERE h.statement = c.statement AND h.lifted_at IS NULL)
    RETURNING position INTO content_position;
  IF NOT FOUND THEN
    RETURN false;
  END IF;
  SELECT s.position INTO statement_position FROM content_name c JOIN statement_name s ON s.digest = c.statement WHERE c.ref = erased;
  DELETE FROM content WHERE position = content_position;
  DELETE FROM token WHERE position = statement_position AND content = content_position;
  DELETE FROM watch_hit WHERE content = content_position;
  RETURN true;
END $$;

-- Puts what may stay in the place of a content: its parts that are not recalled, or the same parts without anything to find them by.
CREATE FUNCTION replace_content(changed digest, new_position bigint, new_ciphertext bytea, new_key bytea, new_kek text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  old_position bigint;
  statement_position bigint;
BEGIN
  SELECT c.position, s.position INTO old_position, statement_position FROM content_name c JOIN statement_name s ON s.digest = c.statement
    WHERE c.ref = changed AND c.erased_at IS NULL FOR UPDATE OF c;
  IF NOT FOUND THEN
    RETURN;
  END IF;
  DELETE FROM content WHERE position = old_position;
  DELETE FROM token WHERE position = statement_position AND content = old_position;
  DELETE FROM watch_hit WHERE content = old_position;
  INSERT INTO content (position, ref, ciphertext, wrapped_key, kek_id) VALUES (new_position, changed, new_ciphertext, new_key, new_kek);
  UPDATE content_name SET position = new_position, waits_for = NULL WHERE ref = changed;
END $$;
REVOKE ALL ON FUNCTION replace_content FROM PUBLIC;

DO $$
DECLARE
  application name := current_setting('entente.application_role');
BEGIN
  EXECUTE format('GRANT SELECT, INSERT ON reversal, reversal_applied, reversal_derivative, compliance, legal_hold, kek_destroyed TO %I', application);
  EXECUTE format('GRANT UPDATE (outcome, kept_until, answer, answered_at) ON reversal TO %I', application);
  EXECUTE format('GRANT UPDATE (state, at) ON reversal_applied TO %I', application);
  EXECUTE format('GRANT UPDATE (lifted_by, lifted_at) ON legal_hold TO %I', application);
  EXECUTE format('GRANT UPDATE (waits_for) ON content_name TO %I', application);
  -- The key of a content under another key-encryption key; the content stays as it is.
  EXECUTE format('GRANT UPDATE (wrapped_key, kek_id) ON content, declaration, quarantine TO %I', application);
  EXECUTE format('GRANT EXECUTE ON FUNCTION replace_content TO %I', application);
END $$;
