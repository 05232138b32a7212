/** What somebody with the whole database and its administrator's rights, but without the private keys, may try: the SQL of each attack. */

export interface Attack {
  name: string;
  /** Tables that it writes to: put back afterwards. */
  tables: readonly string[];
  /** May return the objects that it hits; the finding must then name one of them. */
  sql: string;
  /** Takes away what was slipped in; rows that were there are put back without it. */
  undo?: string;
  /** The auditor's finding that names it: its check, and what its text must hold. */
  found: { check: string; what: RegExp };
}

/** Attacks of one round do not touch each other's rows, and one audit must name them all. */
export type Round = readonly Attack[];

/** The n-th row of a table, by its key. */
const nth = (table: string, n: number, where = 'true'): string =>
  `(SELECT position FROM ${table} WHERE ${where} ORDER BY position OFFSET ${n} LIMIT 1)`;
const turned = (column: string): string => `overlay(${column} placing reverse(right(${column}, 2)) || 'A' from length(${column}) - 2)`;
/** What the auditor calls the row: the digest of its object. */
const returning = (column = 'digest'): string => `RETURNING translate(encode(${column}, 'base64'), '+/=', '-_') AS object`;
const own = 'own';

const statements: Round = [
  {
    name: 'a statement is altered',
    tables: ['statement'],
    sql: `UPDATE statement SET jwt = ${turned('jwt')} WHERE position = ${nth('statement', 0, own)} ${returning()}`,
    found: { check: 'statement', what: /altered/ },
  },
  {
    name: 'a statement is deleted',
    tables: ['statement'],
    sql: `DELETE FROM statement WHERE position = ${nth('statement', 1, own)} ${returning()}`,
    found: { check: 'statement', what: /does not show/ },
  },
  {
    name: 'two statements change places',
    tables: ['statement'],
    sql: `WITH pair AS (SELECT position, digest, jwt, lead(jwt) OVER w AS next, lag(jwt) OVER w AS before FROM statement
        WHERE position IN (${nth('statement', 2, own)}, ${nth('statement', 3, own)}) WINDOW w AS (ORDER BY position))
      UPDATE statement s SET jwt = coalesce(pair.next, pair.before) FROM pair WHERE s.position = pair.position ${returning('s.digest')}`,
    found: { check: 'statement', what: /altered/ },
  },
  {
    name: 'a statement is said to be of another kind',
    tables: ['statement'],
    sql: `UPDATE statement SET kind = 'alert' WHERE position = ${nth('statement', 4, own)} ${returning()}`,
    found: { check: 'statement', what: /another kind/ },
  },
  {
    name: "a statement is said to be another node's",
    tables: ['statement'],
    sql: `UPDATE statement SET own = false WHERE position = ${nth('statement', 5, own)} ${returning()}`,
    found: { check: 'statement', what: /not by the node/ },
  },
  {
    name: 'a statement is slipped in',
    tables: ['statement', 'statement_name'],
    sql: `INSERT INTO statement SELECT (SELECT max(position) + 1 FROM statement), sha256('slipped in'), iss, 'slipped-in', kind, ver, exercise, iat, valid_from,
        valid_until, jwt, claims, own, author, releaser, urgency, checks, stored_at FROM statement WHERE position = ${nth('statement', 5, own)} ${returning()}`,
    undo: `DELETE FROM statement WHERE jti = 'slipped-in'`,
    found: { check: 'statement', what: /altered|no leaf/ },
  },
];

const flows: Round = [
  {
    name: 'a release is altered',
    tables: ['release'],
    sql: `UPDATE release SET jwt = ${turned('jwt')} WHERE position = 1 ${returning()}`,
    found: { check: 'release', what: /altered/ },
  },
  {
    name: 'a release is deleted',
    tables: ['release', 'offer'],
    sql: `DELETE FROM release WHERE position = 2 ${returning()}`,
    found: { check: 'release', what: /does not show/ },
  },
  {
    name: 'a release is said to be to nobody any more',
    tables: ['offer'],
    sql: `DELETE FROM offer WHERE position = 3 ${returning()}`,
    found: { check: 'release', what: /does not show/ },
  },
  {
    name: 'a receipt that was given is altered',
    tables: ['receipt'],
    sql: `UPDATE receipt SET jwt = ${turned('jwt')} WHERE position = ${nth('receipt', 0)} ${returning()}`,
    found: { check: 'receipt', what: /altered/ },
  },
  {
    name: 'a receipt that is held is deleted',
    tables: ['receipt_held'],
    sql: `DELETE FROM receipt_held WHERE position = ${nth('receipt_held', 0)} ${returning()}`,
    found: { check: 'receipt', what: /does not show/ },
  },
  {
    name: 'what came in is said to be refused',
    tables: ['inbox'],
    sql: `UPDATE inbox SET verdict = 'refused' WHERE position = ${nth('inbox', 0)} ${returning()}`,
    found: { check: 'release', what: /no leaf|text of the release/ },
  },
  {
    name: 'a page is deleted',
    tables: ['page'],
    sql: 'DELETE FROM page WHERE first = (SELECT min(first) FROM page WHERE first > 1)',
    found: { check: 'page', what: /./ },
  },
  {
    name: 'a page of a partner is altered',
    tables: ['page_in'],
    sql: `UPDATE page_in SET jws = ${turned('jws')}`,
    found: { check: 'page', what: /signature|canonical/ },
  },
];

const rules: Round = [
  {
    name: 'an agreement is altered',
    tables: ['agreement'],
    sql: `UPDATE agreement SET jws = replace(jws, '"payload":"ey', '"payload":"eX') ${returning()}`,
    found: { check: 'agreement', what: /./ },
  },
  {
    name: 'a partner is given other keys',
    tables: ['peer_configuration'],
    sql: `UPDATE peer_configuration SET jwt = ${turned('jwt')}`,
    found: { check: 'peer', what: /./ },
  },
];

const log: Round = [
  {
    name: 'an entry of the log is altered',
    tables: ['log_leaf'],
    sql: `UPDATE log_leaf SET leaf = replace(leaf, '"kind":"sighting"', '"kind":"alert"') WHERE log = 'exchange' AND position =
      (SELECT min(position) FROM log_leaf WHERE log = 'exchange' AND leaf LIKE '%"op":"issued"%')`,
    found: { check: 'root|checkpoint', what: /another root|other entries/ },
  },
];

const logShort: Round = [
  {
    name: 'an entry of the log is deleted',
    tables: ['log_leaf'],
    sql: `DELETE FROM log_leaf WHERE log = 'exchange' AND position = 5`,
    found: { check: 'entries', what: /missing/ },
  },
  {
    name: 'an entry of the access log is altered',
    tables: ['access_entry'],
    sql: `UPDATE access_entry SET entry = replace(entry, '"operation":', '"operation" :') WHERE position = 2`,
    found: { check: 'access', what: /altered/ },
  },
  {
    name: 'an entry of the access log is deleted',
    tables: ['access_entry'],
    sql: 'DELETE FROM access_entry WHERE position = 1',
    found: { check: 'access', what: /missing/ },
  },
];

const tree: Round = [
  {
    name: 'a stored hash of the tree is altered',
    tables: ['log_leaf'],
    sql: `UPDATE log_leaf SET hash = sha256('altered') WHERE log = 'exchange' AND position = 3`,
    found: { check: 'tile', what: /not those of the entries/ },
  },
  {
    name: 'a checkpoint is altered',
    tables: ['checkpoint'],
    sql: `UPDATE checkpoint SET note = ${turned('note')} WHERE log = 'access' AND size = (SELECT min(size) FROM checkpoint WHERE log = 'access')`,
    found: { check: 'checkpoint', what: /./ },
  },
];

const rewritten: Round = [
  {
    name: 'two entries of the log change places, with all their hashes',
    tables: ['log_leaf'],
    sql: `UPDATE log_leaf l SET leaf = other.leaf, hash = other.hash, peer = other.peer FROM log_leaf other
      WHERE l.log = 'exchange' AND other.log = 'exchange' AND (l.position, other.position) IN ((2, 3), (3, 2))`,
    found: { check: 'root|checkpoint', what: /another root|other entries/ },
  },
];

export const rounds: readonly Round[] = [statements, flows, rules, log, logShort, tree, rewritten];
