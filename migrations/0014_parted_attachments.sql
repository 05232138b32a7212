-- Parts of a content are destroyed, and with them what only they have named: not the whole content alone takes attachments with it.

CREATE FUNCTION forget_attachments_of(changed digest, gone bytea[]) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  DELETE FROM attachment_use WHERE ref = changed AND name = ANY (gone);
  DELETE FROM attachment_chunk c WHERE c.name = ANY (gone) AND NOT EXISTS (SELECT FROM attachment_use u WHERE u.name = c.name);
  DELETE FROM attachment a WHERE a.name = ANY (gone) AND NOT EXISTS (SELECT FROM attachment_use u WHERE u.name = a.name);
END $$;
REVOKE ALL ON FUNCTION forget_attachments_of FROM PUBLIC;

CREATE OR REPLACE FUNCTION forget_attachments() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  PERFORM forget_attachments_of(NEW.ref, (SELECT array_agg(name) FROM attachment_use WHERE ref = NEW.ref));
  RETURN NULL;
END $$;

DO $$
DECLARE
  application name := current_setting('entente.application_role');
BEGIN
  EXECUTE format('GRANT EXECUTE ON FUNCTION forget_attachments_of TO %I', application);
END $$;
