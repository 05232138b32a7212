-- Who asked whom for a decision, and what became of it: codes and times, nothing of what is asked. A refusal is an answer; a lapse is none.
CREATE TABLE request (
  statement digest NOT NULL,
  peer text NOT NULL,                   -- who is asked, or who asks
  position bigint NOT NULL UNIQUE,
  kind text NOT NULL,
  own boolean NOT NULL,                 -- this node asks
  reply_by bigint NOT NULL,
  outcome text CHECK (outcome IN ('answered', 'refused')),
  code text,                            -- ground of a refusal: list "refusal"
  answer digest,                        -- the first one counts
  answered_at bigint,
  PRIMARY KEY (statement, peer)
);

DO $$
DECLARE
  application name := current_setting('entente.application_role');
BEGIN
  EXECUTE format('GRANT SELECT, INSERT ON request TO %I', application);
  EXECUTE format('GRANT UPDATE (outcome, code, answer, answered_at) ON request TO %I', application);
END $$;
