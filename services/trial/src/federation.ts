/** Several agencies on one machine, introduced to each other: what `npm start` shows, and what the tests use. */
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { freePorts, type Server, startServer } from '@entente/postgres';
import { type Agency, type AgencyPlan, makeAgency, openAgency, type Ports } from './agency.js';
import { type AgencyApi, apiOf } from './api.js';
import { type Tokens, tokensFor } from './people.js';
import { type Serving, serve } from './serving.js';
import { tapWire, untapped, type Wire } from './wire.js';

/** One agency with everything of it that runs. */
export interface Member {
  agency: Agency;
  tokens: Tokens;
  api: AgencyApi;
  node: Serving;
  wire: Wire;
}

export interface Federation extends AsyncDisposable {
  postgres: Server;
  members: Member[];
  member(name: string): Member;
  /** Starts the node of a member again after it was stopped or killed; resolves when it answers. */
  restart(name: string, options?: { env?: NodeJS.ProcessEnv }): Promise<void>;
  stop(): Promise<void>;
}

export interface FederationOptions {
  /** Everything lies under it and is found there again by the next run. */
  folder: string;
  plans: AgencyPlan[];
  /** Members of the nodes' configuration that differ from what `entente init` writes. */
  settings?: Record<string, unknown>;
  /** False: partners speak to each other directly, and nobody can look at the wire. */
  tapped?: boolean;
  /** What partners pass on their way to a node, in place of a tap. */
  wire?: (plan: AgencyPlan, ports: Ports) => Promise<Wire>;
  /** What to tell the people who watch; called as each step is done. */
  tell?: (step: FederationStep) => void;
  env?: NodeJS.ProcessEnv;
}
export type FederationStep = { step: 'database' | 'agency' | 'node' | 'wire'; what: string; milliseconds: number };

export async function startFederation(options: FederationOptions): Promise<Federation> {
  const { folder, plans } = options;
  const timed = timer(options.tell);
  await mkdir(folder, { recursive: true });
  const ports = await portsFor(folder, plans, options.tapped !== false);
  const place = (plan: AgencyPlan) => ({ base: join(folder, 'agencies'), ports: ports[plan.name]! });
  const made = plans.map((plan) => timed('agency', plan.title, () => makeAgency(plan, place(plan), options.settings)));
  const settled = Promise.allSettled(made); // while the database starts; what failed is thrown below, when there is something to stop
  const postgres = await timed('database', 'PostgreSQL', () => startServer({ dir: join(folder, 'postgres') }));
  const started: Pick<Member, 'node' | 'wire'>[] = [];
  try {
    await settled;
    await Promise.all(made);
    const agencies = await Promise.all(plans.map((plan) => openAgency(plan, place(plan), postgres)));
    const starting = agencies.map((agency) => startMember(agency, agencies, timed, options, started));
    await Promise.allSettled(starting);
    return assemble(postgres, await Promise.all(starting));
  } catch (error) {
    await stopAll(postgres, started);
    throw error;
  }
}

/** What runs is added to `started` at once: it is stopped also when something else does not come up. */
async function startMember(
  agency: Agency,
  all: Agency[],
  timed: Timed,
  options: FederationOptions,
  started: Pick<Member, 'node' | 'wire'>[],
): Promise<Member> {
  const { env } = options;
  const wire = await wireOf(agency, all, options);
  const node = serve(agency, env ? { env } : {});
  started.push({ node, wire });
  const [tokens] = await Promise.all([tokensFor(agency), timed('node', agency.title, () => node.ready())]);
  return { agency, tokens, api: apiOf(agency, tokens), node, wire };
}

async function wireOf(agency: Agency, all: Agency[], { folder, tapped, wire }: FederationOptions): Promise<Wire> {
  if (wire) return await wire(agency, agency.ports);
  return tapped === false ? untapped : await tap(agency, all, join(folder, 'wire'));
}

async function tap(agency: Agency, all: Agency[], folder: string): Promise<Wire> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  return await tapWire({
    at: agency.ports.wire,
    node: agency.ports.federation,
    server: agency.tls,
    clients: all.filter((other) => other !== agency).map((other) => other.tls),
    folder,
  });
}

function assemble(postgres: Server, members: Member[]): Federation {
  const member = (name: string): Member => {
    const found = members.find((m) => m.agency.name === name);
    if (!found) throw new Error(`no agency ${name} in this federation`);
    return found;
  };
  let stopped: Promise<void> | undefined;
  const stop = () => {
    stopped ??= stopAll(postgres, members);
    return stopped;
  };
  return {
    postgres,
    members,
    member,
    restart: async (name, options = {}) => {
      const m = member(name);
      m.node = serve(m.agency, options);
      await m.node.ready();
    },
    stop,
    [Symbol.asyncDispose]: stop,
  };
}

async function stopAll(postgres: Server, members: Pick<Member, 'node' | 'wire'>[]): Promise<void> {
  await Promise.all(members.map((m) => m.node.stop()));
  await Promise.all(members.map((m) => m.wire[Symbol.asyncDispose]()));
  await postgres.stop();
}

/** Pins each to each other by the thumbprint that its administrator reads out. What is known already is left. */
export async function introduce(members: Member[]): Promise<number> {
  let introduced = 0;
  for (const one of members) {
    const known = new Set((await one.api.peers()).map((peer) => peer.id));
    for (const other of members) {
      if (other === one || known.has(other.agency.id)) continue;
      await one.api.addPeer(other.agency.configuration, other.agency.thumbprint);
      introduced++;
    }
  }
  return introduced;
}

/** Chosen once and kept: peers hold the addresses in signed configurations. */
async function portsFor(folder: string, plans: AgencyPlan[], tapped: boolean): Promise<Record<string, Ports>> {
  const file = join(folder, 'ports.json');
  const kept = await readFile(file, 'utf8').then(
    (text) => JSON.parse(text) as Record<string, Ports>,
    () => ({}) as Record<string, Ports>,
  );
  const missing = plans.filter((plan) => !kept[plan.name]);
  const free = await freePorts(missing.length * 3);
  missing.forEach((plan, i) => {
    kept[plan.name] = { agency: free[3 * i]!, federation: free[3 * i + 1]!, wire: free[3 * i + (tapped ? 2 : 1)]! };
  });
  if (missing.length > 0) await writeFile(file, `${JSON.stringify(kept, null, 2)}\n`);
  return kept;
}

type Timed = <T>(step: FederationStep['step'], what: string, work: () => Promise<T>) => Promise<T>;

function timer(tell: FederationOptions['tell']): Timed {
  return async (step, what, work) => {
    const from = performance.now();
    const result = await work();
    tell?.({ step, what, milliseconds: Math.round(performance.now() - from) });
    return result;
  };
}

/** Begins anew: the folder of an earlier trial, its database with it. */
export async function forget(folder: string): Promise<void> {
  const running = await startServer({ dir: join(folder, 'postgres') }).catch(() => undefined);
  await running?.stop();
  await rm(folder, { recursive: true, force: true });
}
