import pg from 'pg';
import { PostgresError } from './error.js';
import { forgetPassword, passwordOf } from './secret.js';

/** What is needed of a server: a `Server` of ours, or another one with a superuser's address and a folder for passwords. */
export interface ServerAccess {
  dir: string;
  url(database: string): string;
}

export interface DatabaseNames {
  name: string;
  /** Role that migrates and owns the tables. */
  owner: string;
  /** Role of the running node: no tables of its own, no temporary ones either. */
  application: string;
}

export interface DatabaseUrls {
  ownerUrl: string;
  applicationUrl: string;
}

const makersLock = 7_301_456;

/** Makes the database and its two roles where they are missing, and (re)sets what they may do. Passwords are kept in files beside the server's folder. */
export async function createDatabase(server: ServerAccess, names: DatabaseNames): Promise<DatabaseUrls> {
  for (const name of Object.values(names)) checkName(name);
  const passwords = { owner: await passwordOf(server.dir, names.owner), application: await passwordOf(server.dir, names.application) };
  const id = quoted(names);
  await withClient(server.url('postgres'), async (client) => {
    // Roles belong to the whole server, and so does this lock, held to the end: two makers at once would collide.
    await client.query('SELECT pg_advisory_lock($1)', [makersLock]);
    await ensureRole(client, names.owner, passwords.owner);
    await ensureRole(client, names.application, passwords.application);
    const { rowCount } = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [names.name]);
    if (rowCount === 0) await client.query(`CREATE DATABASE ${id.name} OWNER ${id.owner} ENCODING 'UTF8' TEMPLATE template0`);
    await client.query(`REVOKE ALL ON DATABASE ${id.name} FROM PUBLIC`);
    await client.query(`GRANT CONNECT ON DATABASE ${id.name} TO ${id.application}`);
    await withClient(server.url(names.name), async (inside) => {
      await inside.query(`ALTER SCHEMA public OWNER TO ${id.owner}`);
      await inside.query('REVOKE ALL ON SCHEMA public FROM PUBLIC');
      await inside.query(`GRANT USAGE ON SCHEMA public TO ${id.application}`);
    });
  });
  return {
    ownerUrl: urlFor(server.url(names.name), names.owner, passwords.owner),
    applicationUrl: urlFor(server.url(names.name), names.application, passwords.application),
  };
}

/** Removes the database, whoever is connected, and its roles with their passwords unless another database needs them. */
export async function dropDatabase(server: ServerAccess, names: DatabaseNames): Promise<void> {
  for (const name of Object.values(names)) checkName(name);
  const id = quoted(names);
  await withClient(server.url('postgres'), async (client) => {
    await client.query('SELECT pg_advisory_lock($1)', [makersLock]);
    await client.query(`DROP DATABASE IF EXISTS ${id.name} WITH (FORCE)`);
    for (const role of [names.owner, names.application]) await dropRole(client, server.dir, role);
  });
}

async function ensureRole(client: pg.Client, role: string, password: string): Promise<void> {
  const { rowCount } = await client.query('SELECT 1 FROM pg_roles WHERE rolname = $1', [role]);
  const verb = rowCount === 0 ? 'CREATE' : 'ALTER';
  await client.query(`${verb} ROLE ${client.escapeIdentifier(role)} LOGIN PASSWORD ${client.escapeLiteral(password)}`);
}

async function dropRole(client: pg.Client, dir: string, role: string): Promise<void> {
  try {
    await client.query(`DROP ROLE IF EXISTS ${client.escapeIdentifier(role)}`);
    await forgetPassword(dir, role);
  } catch (error) {
    if ((error as { code?: string }).code !== '2BP01') throw error; // dependent objects in another database
  }
}

function checkName(name: string): void {
  if (!/^[a-z_][a-z0-9_]{0,62}$/.test(name)) {
    throw new PostgresError('bad_name', `"${name}" is no database or role name: use up to 63 lower-case letters, digits and underscores`);
  }
}

function quoted(names: DatabaseNames): DatabaseNames {
  const { name, owner, application } = names;
  return { name: pg.escapeIdentifier(name), owner: pg.escapeIdentifier(owner), application: pg.escapeIdentifier(application) };
}

function urlFor(address: string, role: string, password: string): string {
  const url = new URL(address);
  url.username = role;
  url.password = password;
  return url.href;
}

async function withClient(connectionString: string, act: (client: pg.Client) => Promise<void>): Promise<void> {
  const client = new pg.Client({ connectionString });
  await client.connect();
  try {
    await act(client);
  } finally {
    await client.end();
  }
}
