-- The tables of one agency's node. One database per node, two roles: the owner of these tables, who migrates, and the application's
-- role, who adds to history and cannot change it.
--
-- Conventions
--   time      bigint: seconds since the epoch. What was signed says so, and a comparison never depends on a session's time zone.
--   digest    SHA-256, 32 bytes; base64url outside of the database.
--   position  the place in a gapless sequence, handed out under the lock of the sequence's row in "head". Never a serial and never a
--             time: those are given before the commit, and a reader would pass over what commits late.
--   text      of a JWT is kept as it came: what was signed is what is stored. Columns beside it are derived and can be rebuilt.
--   json      not jsonb, for what others wrote: it takes every JSON text, also one with \u0000.
--   peer      entity id of the other node; row-level security goes by it (last section).
-- Large tables are keyed by a position and partitioned by ranges of it, so that old ranges can be moved, and indexes stay small.
-- A partitioned table can only be unique in what contains its position; what must be unique beyond has a narrow table of names.
--
-- Parameters, set by the migration: entente.application_role, entente.partition_size.

CREATE DOMAIN digest AS bytea CHECK (octet_length(VALUE) = 32);

----------------------------------------------------------------------------------------------------------------------------------------
-- Sequences and partitions

-- One row per sequence, locked FOR UPDATE once per gathered commit, in the order of the primary key: feeds by entity id, then the
-- records, then the logs. Whoever holds the lock knows the next position; who rolls back leaves no gap.
CREATE TABLE head (
  rank smallint NOT NULL,               -- 0 feed, 1 record, 2 exchange log, 3 access log
  name text COLLATE "C" NOT NULL,       -- of a feed: the peer
  epoch integer NOT NULL,
  size bigint NOT NULL,                 -- positions given so far
  chain digest,                         -- of a feed: SHA-256(chain || digest) over all its releases
  paged bigint,                         -- of a feed: the last position that is on a signed page
  edge bytea,                           -- of a log: the roots of its full subtrees, largest first (RFC 6962)
  PRIMARY KEY (rank, name)
) WITH (fillfactor = 50);               -- room for the next version of the row on the same page: no index is touched

-- Grants cannot say "only forward".
CREATE FUNCTION head_goes_forward() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog AS $$
BEGIN
  IF NEW.epoch < OLD.epoch OR (NEW.epoch = OLD.epoch AND (NEW.size < OLD.size OR NEW.paged < OLD.paged)) THEN
    RAISE EXCEPTION 'the head of % cannot go back', OLD.name USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER head_goes_forward BEFORE UPDATE ON head FOR EACH ROW EXECUTE FUNCTION head_goes_forward();

-- An epoch is the life of one history of logs and feeds. It ends only by an incident that is told to all peers.
CREATE TABLE epoch (
  epoch integer PRIMARY KEY,
  opened_at bigint NOT NULL,
  origin text,                          -- name of the exchange log in this epoch
  reason text NOT NULL
);

CREATE TABLE partitioned (
  relation name PRIMARY KEY,
  sequence text NOT NULL,               -- whose positions: record, feed, log
  size bigint NOT NULL CHECK (size > 0),
  upper bigint NOT NULL                 -- the first position without a partition
);

-- Makes partitions up to and with the position needed and returns the first position that has none. The application calls it ahead of
-- need; it has no other way to create anything. ATTACH, unlike PARTITION OF, lets reads and writes of the table go on.
CREATE FUNCTION extend_partitions(for_sequence text, needed bigint) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  entry partitioned;
  part text;
  lowest bigint;
BEGIN
  FOR entry IN SELECT * FROM partitioned WHERE sequence = for_sequence ORDER BY relation FOR UPDATE LOOP
    WHILE entry.upper <= needed LOOP
      part := format('%s_from_%s', entry.relation, entry.upper);
      -- Rows of signed text stay in one piece up to a page: most are two to six kilobytes.
      EXECUTE format('CREATE TABLE %I (LIKE %I INCLUDING ALL) WITH (toast_tuple_target = 8160)', part, entry.relation);
      EXECUTE format('ALTER TABLE %I ATTACH PARTITION %I FOR VALUES FROM (%s) TO (%s)', entry.relation, part, entry.upper, entry.upper + entry.size);
      entry.upper := entry.upper + entry.size;
    END LOOP;
    UPDATE partitioned SET upper = entry.upper WHERE relation = entry.relation;
    lowest := least(lowest, entry.upper);
  END LOOP;
  RETURN lowest;
END $$;
REVOKE ALL ON FUNCTION extend_partitions FROM PUBLIC;

----------------------------------------------------------------------------------------------------------------------------------------
-- Statements (docs/protocol.md section 4)

-- One name, one statement: by digest, and by (iss, jti).
CREATE TABLE statement_name (
  digest digest PRIMARY KEY,
  iss text NOT NULL,
  jti text NOT NULL,
  position bigint NOT NULL UNIQUE,
  UNIQUE (iss, jti)
);

-- The signed token and its open claims, for ever. Nothing here is content.
CREATE TABLE statement (
  position bigint NOT NULL,
  digest digest NOT NULL,
  iss text NOT NULL,
  jti text NOT NULL,
  kind text NOT NULL,
  ver text NOT NULL,
  exercise boolean NOT NULL,            -- training and tests: never mixed with real ones
  iat bigint NOT NULL,
  valid_from bigint NOT NULL,
  valid_until bigint NOT NULL,
  jwt text NOT NULL,
  claims json NOT NULL,
  own boolean NOT NULL,                 -- signed by this node
  author text,
  releaser text,
  urgency text,
  checks json,
  stored_at bigint NOT NULL,
  PRIMARY KEY (position)
) PARTITION BY RANGE (position);
CREATE INDEX statement_by_kind ON statement (kind, position);
CREATE INDEX statement_by_originator ON statement (iss, position);

-- Disclosures, encrypted: apart from the statement, so that they can go while every signature still verifies.
CREATE TABLE content_name (
  ref digest PRIMARY KEY,               -- of the statement at its originator, of the release at a recipient
  statement digest NOT NULL,
  position bigint NOT NULL,
  erased_at bigint
);
CREATE INDEX content_of_statement ON content_name (statement);

CREATE TABLE content (
  position bigint NOT NULL,
  ref digest NOT NULL,
  ciphertext bytea NOT NULL,
  wrapped_key bytea NOT NULL,           -- under a key that is in no database and no backup of one
  kek_id text NOT NULL,
  PRIMARY KEY (position)
) PARTITION BY RANGE (position);

-- What can be searched for: HMACs of normalised identifiers and words, never the words. By position of the statement, newest first.
CREATE TABLE token (
  position bigint NOT NULL,             -- of the statement
  token bytea NOT NULL,
  content bigint NOT NULL,              -- position of the content: erasing one content leaves the tokens of another
  PRIMARY KEY (token, position, content)
) PARTITION BY RANGE (position);
CREATE INDEX token_of_content ON token USING brin (content);   -- contents come in order: a B-tree would cost as much as the key

-- The only way by which content goes. What remains says that there was something, and until when.
CREATE FUNCTION erase(erased digest, moment bigint) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  content_position bigint;
  statement_position bigint;
BEGIN
  UPDATE content_name SET erased_at = moment WHERE ref = erased AND erased_at IS NULL RETURNING position INTO content_position;
  IF NOT FOUND THEN
    RETURN false;
  END IF;
  SELECT s.position INTO statement_position FROM content_name c JOIN statement_name s ON s.digest = c.statement WHERE c.ref = erased;
  DELETE FROM content WHERE position = content_position;
  DELETE FROM token WHERE position = statement_position AND content = content_position;
  RETURN true;
END $$;
REVOKE ALL ON FUNCTION erase FROM PUBLIC;

----------------------------------------------------------------------------------------------------------------------------------------
-- Outgoing: releases, pages, voids, and what recipients answered (sections 5 and 6)

CREATE TABLE release (
  peer text NOT NULL,
  epoch integer NOT NULL,
  position bigint NOT NULL,             -- on the peer's feed, from 1
  digest digest NOT NULL,
  jti text NOT NULL,
  statement digest NOT NULL,
  kind text NOT NULL,
  jwt text NOT NULL,
  bytes integer NOT NULL,
  disclosed bytea NOT NULL,             -- digests of the disclosures, one after the other
  agreement digest NOT NULL,
  retain_until bigint NOT NULL,
  purposes json NOT NULL,
  onward text NOT NULL,
  urgency smallint NOT NULL,
  iat bigint NOT NULL,
  released_by text NOT NULL,
  chain digest NOT NULL,                -- of the feed, up to and with this release
  PRIMARY KEY (peer, epoch, position)
) PARTITION BY RANGE (position);

-- The release's state: the queue, and the recipient's verdict. Narrow, because it is updated.
CREATE TABLE offer (
  peer text NOT NULL,
  epoch integer NOT NULL,
  position bigint NOT NULL,
  record bigint NOT NULL,               -- position among all records of this node
  digest digest NOT NULL,
  jti text NOT NULL,
  statement digest NOT NULL,
  kind text NOT NULL,
  urgency smallint NOT NULL,
  state text NOT NULL CHECK (state IN ('queued', 'held', 'quarantined', 'refused', 'void')),
  verdict text CHECK (verdict IN ('held', 'quarantined', 'refused')),   -- of a signed receipt; stays when it is offered again
  code text,
  offered_at bigint,
  receipt digest,
  receipt_at bigint,
  PRIMARY KEY (peer, epoch, position),
  UNIQUE (peer, digest),
  UNIQUE (peer, jti)
);
CREATE INDEX offer_queue ON offer (peer, urgency, epoch, position) WHERE state = 'queued';
CREATE INDEX offer_refused ON offer (record) WHERE state = 'refused';
CREATE INDEX offer_of_statement ON offer (statement);
CREATE UNIQUE INDEX offer_by_record ON offer (record);

-- A final verdict and a void are final, whatever the application asks for.
CREATE FUNCTION offer_verdict_is_final() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog AS $$
BEGIN
  IF OLD.state = 'void' OR (OLD.verdict IN ('held', 'refused') AND NEW.verdict IS DISTINCT FROM OLD.verdict) THEN
    RAISE EXCEPTION 'the state of release % to % is final', OLD.position, OLD.peer USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER offer_verdict_is_final BEFORE UPDATE ON offer FOR EACH ROW EXECUTE FUNCTION offer_verdict_is_final();

CREATE TABLE page (
  peer text NOT NULL,
  epoch integer NOT NULL,
  first bigint NOT NULL,
  last bigint NOT NULL,
  jws text NOT NULL,
  signed_at bigint NOT NULL,
  PRIMARY KEY (peer, epoch, first)
) PARTITION BY RANGE (first);

-- A signed note takes the place of what may no longer leave; its position and digest stay.
CREATE TABLE void (
  peer text NOT NULL,
  epoch integer NOT NULL,
  position bigint NOT NULL,
  digest digest NOT NULL,
  code text NOT NULL,
  jwt text NOT NULL,
  at bigint NOT NULL,
  PRIMARY KEY (peer, epoch, position)
);

-- Receipts of recipients. Also those that contradict an earlier one: they are evidence.
CREATE TABLE receipt_held (
  digest digest PRIMARY KEY,
  position bigint NOT NULL UNIQUE,
  peer text NOT NULL,
  jwt text NOT NULL,
  items json NOT NULL,
  at bigint NOT NULL
);
CREATE INDEX receipt_held_of_peer ON receipt_held (peer, at);

----------------------------------------------------------------------------------------------------------------------------------------
-- Incoming: what came, our receipts, the senders' pages and voids, quarantine (sections 6 and 7)

CREATE TABLE received (
  position bigint NOT NULL,
  peer text NOT NULL,
  jti text NOT NULL,
  digest digest NOT NULL,
  statement digest,                     -- absent for what could not be opened or may not be kept
  kind text,
  jwt text,
  disclosed bytea NOT NULL,
  agreement digest,
  purposes json NOT NULL,
  retain_until bigint,
  onward text,
  reply_by bigint,
  verdict text NOT NULL CHECK (verdict IN ('held', 'quarantined', 'refused')),
  code text,
  receipt digest NOT NULL,
  received_at bigint NOT NULL,
  PRIMARY KEY (position)
) PARTITION BY RANGE (position);

-- One row per release that came, pointing to its latest row in "received": quarantined may be followed once by a final verdict.
CREATE TABLE inbox (
  peer text NOT NULL,
  digest digest NOT NULL,
  jti text NOT NULL,
  position bigint NOT NULL UNIQUE,
  kind text,
  verdict text NOT NULL CHECK (verdict IN ('held', 'quarantined', 'refused')),
  reused boolean NOT NULL,              -- refused because its name belongs to another release: kept as evidence
  receipt digest NOT NULL,
  paged boolean NOT NULL,               -- it stands on a page of the sender
  arrived_at bigint NOT NULL,
  state text NOT NULL CHECK (state IN ('new', 'seen', 'taken')),
  taken_by text,
  PRIMARY KEY (peer, digest)
);
-- What is quarantined may be anything that somebody called by this name; it takes no name from a release that verifies.
CREATE UNIQUE INDEX inbox_name ON inbox (peer, jti) WHERE verdict <> 'quarantined' AND NOT reused;
CREATE INDEX inbox_by_jti ON inbox (peer, jti);
CREATE INDEX inbox_by_digest ON inbox (digest);
CREATE INDEX inbox_of_receipt ON inbox (receipt);
CREATE INDEX inbox_unpaged ON inbox (peer, arrived_at) WHERE NOT paged;

CREATE TABLE receipt (
  digest digest PRIMARY KEY,
  peer text NOT NULL,
  jwt text NOT NULL,
  position bigint NOT NULL UNIQUE,
  at bigint NOT NULL,
  sent_at bigint
);
CREATE INDEX receipt_unsent ON receipt (peer, position) WHERE sent_at IS NULL;

-- Two pages with the same first position and different digests prove a fork: both are kept.
CREATE TABLE page_in (
  peer text NOT NULL,
  epoch integer NOT NULL,
  first bigint NOT NULL,
  last bigint NOT NULL,
  chain digest NOT NULL,
  digest digest NOT NULL,
  jws text NOT NULL,
  at bigint NOT NULL,
  PRIMARY KEY (peer, epoch, first, digest)
);
CREATE INDEX page_in_last ON page_in (peer, epoch, last);

CREATE TABLE page_entry (
  peer text NOT NULL,
  epoch integer NOT NULL,
  position bigint NOT NULL,
  digest digest NOT NULL,
  at bigint NOT NULL,
  settled boolean NOT NULL,             -- received, or void
  PRIMARY KEY (peer, epoch, position)
);
CREATE INDEX page_entry_by_digest ON page_entry (peer, digest);
CREATE INDEX page_entry_open ON page_entry (peer, epoch, position) WHERE NOT settled;

CREATE TABLE void_in (
  peer text NOT NULL,
  epoch integer NOT NULL,
  position bigint NOT NULL,
  digest digest NOT NULL,
  code text NOT NULL,
  jwt text NOT NULL,
  at bigint NOT NULL,
  PRIMARY KEY (peer, epoch, position)
);

-- What failed for form, key, kind or schema: encrypted, for an officer to see and for another try.
CREATE TABLE quarantine (
  position bigint PRIMARY KEY,
  peer text NOT NULL,
  release digest NOT NULL,
  code text NOT NULL,
  reason text NOT NULL,
  bytes integer NOT NULL,
  ciphertext bytea,
  wrapped_key bytea,
  kek_id text,
  at bigint NOT NULL,
  expires_at bigint NOT NULL
);
CREATE INDEX quarantine_of_release ON quarantine (release);
CREATE INDEX quarantine_living ON quarantine (peer, expires_at) WHERE ciphertext IS NOT NULL;

-- Takes away what lay in quarantine for its time; that something lay there stays.
CREATE FUNCTION expire_quarantine(moment bigint) RETURNS bigint
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
  WITH expired AS (
    UPDATE quarantine SET ciphertext = NULL, wrapped_key = NULL WHERE ciphertext IS NOT NULL AND expires_at <= moment RETURNING 1
  )
  SELECT count(*) FROM expired
$$;
REVOKE ALL ON FUNCTION expire_quarantine FROM PUBLIC;

----------------------------------------------------------------------------------------------------------------------------------------
-- Peers, keys, agreements (sections 1, 2 and 8)

CREATE TABLE peer (
  id text PRIMARY KEY,
  state text NOT NULL CHECK (state IN ('active', 'suspended', 'removed')),
  thumbprint text NOT NULL,             -- of the federation key, pinned by an administrator
  name text NOT NULL,
  country text NOT NULL,
  agency_type text NOT NULL,
  configuration digest NOT NULL,
  configuration_iat bigint NOT NULL,
  federation_url text NOT NULL,
  pinned_at bigint NOT NULL
);

CREATE TABLE peer_configuration (
  peer text NOT NULL REFERENCES peer,
  digest digest NOT NULL,
  iat bigint NOT NULL,
  jwt text NOT NULL,
  at bigint NOT NULL,
  PRIMARY KEY (peer, digest)
);

-- Never deleted: what a key signed verifies for ever. A key belongs to one node and one use.
CREATE TABLE peer_key (
  kid text PRIMARY KEY,
  peer text NOT NULL REFERENCES peer,
  use text NOT NULL,
  alg text NOT NULL,
  jwk json NOT NULL,
  not_before bigint NOT NULL,
  not_after bigint NOT NULL,
  revoked_at bigint,
  compromised_from bigint
);
CREATE INDEX peer_key_of_peer ON peer_key (peer);

CREATE TABLE peer_certificate (
  fingerprint text PRIMARY KEY,
  peer text NOT NULL REFERENCES peer,
  pem text NOT NULL,
  current boolean NOT NULL              -- in the peer's latest configuration
);
CREATE INDEX peer_certificate_of_peer ON peer_certificate (peer);

CREATE TABLE own_key (
  kid text PRIMARY KEY,
  use text NOT NULL,
  alg text NOT NULL,
  jwk json NOT NULL,
  not_before bigint NOT NULL,
  not_after bigint NOT NULL,
  revoked_at bigint,
  compromised_from bigint
);

-- The payload never changes; signatures of further parties are added to the text.
CREATE TABLE agreement (
  digest digest PRIMARY KEY,
  id text NOT NULL,
  version integer NOT NULL,
  jws text NOT NULL,
  payload json NOT NULL,
  parties jsonb NOT NULL,
  signed_by jsonb NOT NULL,
  effective bigint NOT NULL,
  expires bigint NOT NULL,
  supersedes digest,
  stored_at bigint NOT NULL
);
CREATE INDEX agreement_supersedes ON agreement (supersedes);

----------------------------------------------------------------------------------------------------------------------------------------
-- Logs (section 9)

CREATE TABLE log_leaf (
  log text NOT NULL,                    -- exchange, access
  epoch integer NOT NULL,
  position bigint NOT NULL,             -- from 0
  leaf text NOT NULL,                   -- canonical JSON
  hash digest NOT NULL,
  peer text,                            -- whose own leaf it is
  PRIMARY KEY (log, epoch, position)
) PARTITION BY RANGE (position);
CREATE INDEX log_leaf_of_peer ON log_leaf (peer, epoch, position) WHERE peer IS NOT NULL;

-- Tile levels above the leaves: hash idx of level L is the root over the leaves idx * 256^L to (idx + 1) * 256^L - 1.
CREATE TABLE log_hash (
  log text NOT NULL,
  epoch integer NOT NULL,
  level smallint NOT NULL CHECK (level >= 1),
  idx bigint NOT NULL,
  hash digest NOT NULL,
  PRIMARY KEY (log, epoch, level, idx)
);

-- The text behind a leaf of the access log, which holds only SHA-256(salt || entry): it goes after its retention, the tree stays.
CREATE TABLE access_entry (
  epoch integer NOT NULL,
  position bigint NOT NULL,
  at bigint NOT NULL,
  salt bytea NOT NULL,
  entry text,
  PRIMARY KEY (epoch, position)
) PARTITION BY RANGE (position);

CREATE TABLE checkpoint (
  log text NOT NULL,
  epoch integer NOT NULL,
  size bigint NOT NULL,
  root digest NOT NULL,
  note text NOT NULL,
  at bigint NOT NULL,
  PRIMARY KEY (log, epoch, size)
);

----------------------------------------------------------------------------------------------------------------------------------------
-- Work in progress of officers and machines

CREATE TABLE draft (
  id text PRIMARY KEY,
  position bigint NOT NULL UNIQUE,      -- order of creation
  version integer NOT NULL,
  state text NOT NULL CHECK (state IN ('draft', 'submitted', 'released', 'rejected', 'discarded')),
  kind text NOT NULL,
  author text NOT NULL,
  unit text NOT NULL,
  addressees json NOT NULL,
  ciphertext bytea,
  wrapped_key bytea,
  kek_id text,
  open integer NOT NULL,
  source text,
  decided_by text,
  reason text,
  checklist json,
  statement digest,
  created_at bigint NOT NULL,
  updated_at bigint NOT NULL
);
CREATE INDEX draft_by_state ON draft (state, position);

CREATE TABLE shipment (
  id text PRIMARY KEY,
  position bigint NOT NULL UNIQUE,
  reference bytea NOT NULL UNIQUE,      -- HMAC of the movement or local reference number
  version integer NOT NULL,
  state text NOT NULL CHECK (state IN ('declared', 'amended', 'cancelled')),
  direction text NOT NULL,
  ciphertext bytea NOT NULL,
  wrapped_key bytea NOT NULL,
  kek_id text NOT NULL,
  draft text,
  created_at bigint NOT NULL,
  updated_at bigint NOT NULL
);

CREATE TABLE declaration (
  fingerprint bytea PRIMARY KEY,        -- HMAC of the bytes handed in
  shipment text NOT NULL,
  function text NOT NULL CHECK (function IN ('new', 'amend', 'cancel')),
  ciphertext bytea NOT NULL,
  wrapped_key bytea NOT NULL,
  kek_id text NOT NULL,
  at bigint NOT NULL
);

CREATE TABLE idempotency (
  actor text NOT NULL,
  key text NOT NULL,
  request_hash bytea NOT NULL,
  status integer NOT NULL,
  body json NOT NULL,
  at bigint NOT NULL,
  PRIMARY KEY (actor, key)
);

----------------------------------------------------------------------------------------------------------------------------------------
-- The first partitions

-- Signed tokens and ciphertexts do not compress: trying costs time and gains nothing.
ALTER TABLE statement ALTER COLUMN jwt SET STORAGE EXTERNAL;
ALTER TABLE content ALTER COLUMN ciphertext SET STORAGE EXTERNAL;
ALTER TABLE release ALTER COLUMN jwt SET STORAGE EXTERNAL, ALTER COLUMN disclosed SET STORAGE EXTERNAL;
ALTER TABLE received ALTER COLUMN jwt SET STORAGE EXTERNAL, ALTER COLUMN disclosed SET STORAGE EXTERNAL;

INSERT INTO partitioned (relation, sequence, size, upper)
SELECT relation, sequence, current_setting('entente.partition_size')::bigint, 0
FROM (VALUES
  ('statement', 'record'), ('content', 'record'), ('token', 'record'), ('received', 'record'),
  ('release', 'feed'), ('page', 'feed'),
  ('log_leaf', 'log'), ('access_entry', 'log')
) AS large (relation, sequence);
SELECT extend_partitions(sequence, 0) FROM (SELECT DISTINCT sequence FROM partitioned) AS sequences;

----------------------------------------------------------------------------------------------------------------------------------------
-- What the application may do: add, and change what is state. Nobody is granted DELETE or TRUNCATE.

CREATE PROCEDURE pg_temp.allow(privilege text, variadic relations text[]) LANGUAGE plpgsql AS $$
DECLARE
  relation text;
BEGIN
  FOREACH relation IN ARRAY relations LOOP
    EXECUTE format('GRANT %s ON %s TO %I', privilege, relation, current_setting('entente.application_role'));
  END LOOP;
END $$;

-- History: only ever added to.
CALL pg_temp.allow('SELECT, INSERT',
  'epoch', 'statement_name', 'statement', 'content_name', 'content', 'token', 'release', 'page', 'void', 'receipt_held',
  'received', 'page_in', 'void_in', 'quarantine', 'peer_configuration', 'log_leaf', 'log_hash', 'access_entry', 'checkpoint',
  'declaration', 'idempotency');
-- Objects with a state of their own.
CALL pg_temp.allow('SELECT, INSERT', 'head', 'offer', 'inbox', 'receipt', 'page_entry', 'peer', 'peer_key', 'peer_certificate', 'own_key',
  'agreement', 'draft', 'shipment');
CALL pg_temp.allow('SELECT', 'partitioned', 'migration');
CALL pg_temp.allow('UPDATE (epoch, size, chain, paged, edge)', 'head');
CALL pg_temp.allow('UPDATE (state, verdict, code, offered_at, receipt, receipt_at)', 'offer');
CALL pg_temp.allow('UPDATE (position, kind, verdict, reused, receipt, paged, state, taken_by)', 'inbox');
CALL pg_temp.allow('UPDATE (sent_at)', 'receipt');
CALL pg_temp.allow('UPDATE (settled)', 'page_entry');
CALL pg_temp.allow('UPDATE', 'peer', 'draft', 'shipment');
CALL pg_temp.allow('UPDATE (not_after, revoked_at, compromised_from)', 'peer_key', 'own_key');
CALL pg_temp.allow('UPDATE (current)', 'peer_certificate');
CALL pg_temp.allow('UPDATE (jws, signed_by)', 'agreement');
CALL pg_temp.allow('EXECUTE', 'FUNCTION extend_partitions', 'FUNCTION erase', 'FUNCTION expire_quarantine');
DROP PROCEDURE pg_temp.allow;

-- Statements made for a peer run with entente.peer set to it and see no row of another, whatever their text says. The node's own work
-- sets '*'; a session that sets nothing sees nothing.
CREATE FUNCTION visible_to(peer text) RETURNS boolean LANGUAGE sql STABLE AS $$
  SELECT current_setting('entente.peer', true) IN ('*', peer)
$$;
DO $$
DECLARE
  relation text;
BEGIN
  FOREACH relation IN ARRAY ARRAY['release', 'offer', 'page', 'void', 'receipt_held', 'received', 'inbox', 'receipt', 'page_in', 'page_entry',
    'void_in', 'quarantine', 'log_leaf'] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', relation);
    EXECUTE format('CREATE POLICY by_peer ON %I USING (visible_to(peer)) WITH CHECK (visible_to(peer))', relation);
  END LOOP;
END $$;
