-- Who is told what happens, without asking: addresses of the agency's own systems, and how far each has been told.

-- What happens is read from the records themselves: releases, what was received, receipts, each under its position. Only what no record
-- stands for, because nothing came, is noted here under a position of its own.
CREATE TABLE notice (
  position bigint PRIMARY KEY,          -- among all records of this node
  event text NOT NULL,
  peer text NOT NULL,
  kind text,
  release digest,
  statement digest,
  code text,
  at bigint NOT NULL
);
-- Said once, for as long as it is remembered.
CREATE UNIQUE INDEX notice_said ON notice (event, peer, release) NULLS NOT DISTINCT;

CREATE TABLE webhook (
  id text PRIMARY KEY,
  position bigint NOT NULL UNIQUE,      -- order of creation
  url text NOT NULL,
  events json NOT NULL,
  state text NOT NULL CHECK (state IN ('active', 'paused', 'dead', 'removed')),
  ciphertext bytea,                     -- the secret; it goes when the webhook is removed
  wrapped_key bytea,
  kek_id text,
  created_by text NOT NULL,
  created_at bigint NOT NULL,
  updated_at bigint NOT NULL,
  -- How far it was told: changed by whoever delivers.
  after_record bigint NOT NULL,
  after_item integer NOT NULL,
  attempts integer NOT NULL,            -- of what comes next
  failing_since bigint,
  failure text,                         -- of the last attempt, in one word: a status, or why there was none
  delivered_at bigint
);
CREATE INDEX webhook_living ON webhook (position) WHERE state <> 'removed';

ALTER TABLE notice ENABLE ROW LEVEL SECURITY;
CREATE POLICY by_peer ON notice USING (visible_to(peer)) WITH CHECK (visible_to(peer));

DO $$
DECLARE
  application text := current_setting('entente.application_role');
BEGIN
  EXECUTE format('GRANT SELECT, INSERT ON notice, webhook TO %I', application);
  EXECUTE format('GRANT UPDATE (url, events, state, ciphertext, wrapped_key, kek_id, updated_at, after_record, after_item, attempts, '
    'failing_since, failure, delivered_at) ON webhook TO %I', application);
END $$;
