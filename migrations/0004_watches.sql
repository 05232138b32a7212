-- Search by tokens: short walks down the index, one per token. The planner is not asked: it would read whole what its statistics
-- call small, and they are always late.
CREATE FUNCTION token_positions(tokens bytea[], below bigint, most integer) RETURNS SETOF bigint LANGUAGE plpgsql STABLE
SET enable_seqscan = off SET enable_bitmapscan = off SET enable_sort = off AS $$
BEGIN
  RETURN QUERY SELECT DISTINCT p.position FROM unnest(tokens) AS v (value) CROSS JOIN LATERAL (
      SELECT DISTINCT t.position FROM token t WHERE t.token = v.value AND t.position < below ORDER BY t.position DESC LIMIT most) AS p
    ORDER BY 1 DESC LIMIT most;
END $$;

-- Of the positions, those where for some alternative each part has one of its tokens; in the contents named, if some are.
CREATE FUNCTION token_held(positions bigint[], alternatives integer[], part_numbers integer[], part_counts integer[], tokens bytea[],
  contents bigint[]) RETURNS SETOF bigint LANGUAGE plpgsql STABLE
SET enable_seqscan = off SET enable_bitmapscan = off SET enable_hashjoin = off SET enable_mergejoin = off AS $$
BEGIN
  RETURN QUERY SELECT DISTINCT held.position FROM (
    SELECT c.position FROM unnest(positions) AS c (position)
      CROSS JOIN unnest(alternatives, part_numbers, part_counts, tokens) AS q (alternative, part, parts, value)
      CROSS JOIN LATERAL (SELECT FROM token t WHERE t.token = q.value AND t.position = c.position
        AND (contents IS NULL OR t.content = ANY (contents)) LIMIT 1) AS there
    GROUP BY c.position, q.alternative, q.parts HAVING count(DISTINCT q.part) = q.parts) AS held;
END $$;

-- Watch lists: identifiers and words that an officer waits for. What arrives or is issued and matches is flagged, and nothing else
-- happens: a person looks at it first.

CREATE TABLE watch (
  id text PRIMARY KEY,
  position bigint NOT NULL UNIQUE,      -- order of creation
  version integer NOT NULL,
  state text NOT NULL CHECK (state IN ('active', 'removed')),
  author text NOT NULL,
  unit text NOT NULL,
  entries integer NOT NULL,
  ciphertext bytea,                     -- name, note and what is looked for; gone when the list is removed
  wrapped_key bytea,
  kek_id text,
  baseline bigint NOT NULL,             -- position of the last change: contents below it were there before
  past bigint NOT NULL,                 -- statements up to here were held against it; all of them when it reaches the baseline
  created_at bigint NOT NULL,
  updated_at bigint NOT NULL
);
CREATE INDEX watch_behind ON watch (position) WHERE past < baseline;

-- An entry matches a content that has a token for each of its parts.
CREATE TABLE watch_token (
  token bytea NOT NULL,
  watch text NOT NULL,
  entry integer NOT NULL,
  part smallint NOT NULL,
  parts smallint NOT NULL,
  field text NOT NULL,
  PRIMARY KEY (token, watch, entry, part)
);
CREATE INDEX watch_token_of_watch ON watch_token (watch);

-- One row per list and content, however many of its entries match: rows grow with what arrives, never with its square.
CREATE TABLE watch_hit (
  watch text NOT NULL,
  content bigint NOT NULL,
  position bigint NOT NULL,             -- of the statement
  fields text[] NOT NULL,               -- names of the fields that matched, no values
  PRIMARY KEY (watch, content)
);
CREATE INDEX watch_hit_of_content ON watch_hit (content);

-- In the transaction that stores the tokens: no crash can come between. The look is from what is new into the lists, by their index; a
-- plan made while the lists were small must not read them whole when they have grown.
CREATE FUNCTION flag_watched() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp SET enable_seqscan = off AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM watch_token) THEN
    RETURN NULL;
  END IF;
  INSERT INTO watch_hit (watch, content, position, fields)
  SELECT e.watch, e.content, e.position, array_agg(DISTINCT f)
  FROM (
    SELECT w.watch, a.content, a.position, array_agg(w.field) AS fields
    FROM added a CROSS JOIN LATERAL (
      SELECT * FROM watch_token w WHERE w.token = a.token OFFSET 0) AS w
    GROUP BY w.watch, a.content, a.position, w.entry, w.parts HAVING count(DISTINCT w.part) = w.parts
  ) AS e, unnest(e.fields) AS f
  GROUP BY e.watch, e.content, e.position
  ON CONFLICT DO NOTHING;
  RETURN NULL;
END $$;
CREATE TRIGGER flag_watched AFTER INSERT ON token REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION flag_watched();

-- A list that changes begins anew, one that is removed leaves nothing behind.
CREATE FUNCTION forget_watch(forgotten text) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
  DELETE FROM watch_token WHERE watch = forgotten;
  DELETE FROM watch_hit WHERE watch = forgotten;
$$;
REVOKE ALL ON FUNCTION forget_watch FROM PUBLIC;

-- That something matched is derived from content, and goes with it.
CREATE OR REPLACE FUNCTION erase(erased digest, moment bigint) RETURNS boolean
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
  DELETE FROM watch_hit WHERE content = content_position;
  RETURN true;
END $$;

DO $$
DECLARE
  application name := current_setting('entente.application_role');
BEGIN
  EXECUTE format('GRANT SELECT, INSERT ON watch, watch_token, watch_hit TO %I', application);
  EXECUTE format('GRANT UPDATE (version, state, author, unit, entries, ciphertext, wrapped_key, kek_id, baseline, past, updated_at) ON watch TO %I', application);
  EXECUTE format('GRANT EXECUTE ON FUNCTION forget_watch TO %I', application);
END $$;
