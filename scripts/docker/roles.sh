#!/bin/sh
# Run once by the database's own start, in an empty data folder: the role that migrates and owns the tables, and the role of the
# running node, which cannot change history.
set -eu
owner_password=$(cat /run/secrets/owner-password)
node_password=$(cat /run/secrets/node-password)
psql --no-psqlrc --quiet --set ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname postgres \
  --set owner_password="$owner_password" --set node_password="$node_password" <<'SQL'
CREATE ROLE entente_owner LOGIN PASSWORD :'owner_password';
CREATE ROLE entente_node LOGIN PASSWORD :'node_password';
CREATE DATABASE entente OWNER entente_owner ENCODING 'UTF8' TEMPLATE template0;
REVOKE ALL ON DATABASE entente FROM PUBLIC;
GRANT CONNECT ON DATABASE entente TO entente_node;
\connect entente
ALTER SCHEMA public OWNER TO entente_owner;
REVOKE ALL ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO entente_node;
SQL
