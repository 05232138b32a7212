-- What a content will be found by once the feed that it came by is read to its end. They go with the row when it is erased or replaced.
ALTER TABLE content ADD COLUMN waiting_tokens bytea;

DO $$
DECLARE
  application name := current_setting('entente.application_role');
BEGIN
  EXECUTE format('GRANT UPDATE (waiting_tokens) ON content TO %I', application);
END $$;
