// Reads a Dockerfile and carries out its build in plain folders: one folder per stage stands for the stage's WORKDIR. Only what this
// project's Dockerfile uses is known; anything else is an error, so that no step is passed over in silence.
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, statSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';

/** @returns {{ instruction: string, rest: string }[]} in order, comments and line ends of continued lines removed */
export function parseDockerfile(text) {
  const joined = text.replace(/^\s*#.*\n/gm, '').replace(/\\\n\s*/g, ' ');
  return joined
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => {
      const [, instruction, rest] = /^\s*(\S+)\s+(.*)$/.exec(line);
      return { instruction: instruction.toUpperCase(), rest: rest.trim() };
    });
}

/** Whether the build sees a file, by the rules of .dockerignore: the last pattern that matches a path or a folder above it decides. */
export function contextFilter(text) {
  const rules = text
    .split('\n')
    .filter((line) => line.trim() !== '' && !line.startsWith('#'))
    .map((line) => ({ keep: line.startsWith('!'), pattern: regexOf(line.replace(/^!/, '')) }));
  return (path) => rules.reduce((kept, { keep, pattern }) => (pattern.test(path) ? keep : kept), true);
}

function regexOf(glob) {
  const body = glob.replace(/[.+^${}()|[\]\\]/g, '\\$&').replace(/\*\*\/|\*/g, (stars) => (stars === '*' ? '[^/]*' : '(?:.*/)?'));
  return new RegExp(`^${body}(?:/|$)`);
}

/**
 * @param {{ text: string, context: string, work: string, say: (line: string) => void }} build
 * @returns {{ folder: string, environment: Record<string, string>, user?: string, entrypoint: string[], command: string[], health: string[] }} the last stage
 */
export function buildInFolders({ text, context, work, say }) {
  const stages = new Map();
  let stage;
  const actions = {
    ARG: () => {},
    LABEL: () => {},
    EXPOSE: () => {},
    STOPSIGNAL: () => {},
    FROM: (rest) => {
      const name = /\sAS\s+(\S+)$/i.exec(rest)?.[1] ?? String(stages.size);
      stage = { folder: join(work, name), environment: {}, entrypoint: [], command: [], health: [] };
      mkdirSync(stage.folder, { recursive: true });
      stages.set(name, stage);
    },
    WORKDIR: (rest) => {
      stage.workdir = rest;
    },
    ENV: (rest) => {
      const [, name, value] = /^(\w+)=(.*)$/.exec(rest);
      stage.environment[name] = value.replaceAll('"', '');
    },
    USER: (rest) => {
      stage.user = rest;
    },
    COPY: (rest) => copy(rest, stage, stages, context),
    RUN: (rest) => run(rest, stage),
    HEALTHCHECK: (rest) => {
      stage.health = JSON.parse(rest.slice(rest.indexOf('CMD') + 3));
    },
    ENTRYPOINT: (rest) => {
      stage.entrypoint = JSON.parse(rest);
    },
    CMD: (rest) => {
      stage.command = JSON.parse(rest);
    },
  };
  for (const { instruction, rest } of parseDockerfile(text)) {
    if (!(instruction in actions)) throw new Error(`${instruction} is not known here`);
    say(`${instruction} ${rest}`);
    actions[instruction](rest);
  }
  return stage;
}

/** Sources of an earlier stage lie below its WORKDIR; targets are relative to this one's. */
function copy(rest, stage, stages, context) {
  const words = rest.split(/\s+/);
  const from = words[0].startsWith('--from=') ? stages.get(words.shift().slice('--from='.length)) : undefined;
  const target = join(stage.folder, words.pop());
  for (const word of words) {
    const source = from ? join(from.folder, relative(from.workdir, word)) : join(context, word);
    if (!existsSync(source)) throw new Error(`COPY ${rest}: there is no ${word}`);
    const into = statSync(source).isDirectory() || !rest.endsWith('/') ? target : join(target, basename(source));
    mkdirSync(dirname(into), { recursive: true });
    cpSync(source, into, { recursive: true, verbatimSymlinks: true });
  }
}

function run(command, stage) {
  // The environment of a build has nothing of the machine's but what npm needs to reach its registry.
  const environment = Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^(NODE_ENV|ENTENTE_|npm_(?!config_))/.test(name)),
  );
  const { status } = spawnSync('sh', ['-euc', command], {
    cwd: stage.folder,
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...environment, ...stage.environment, PATH: process.env.PATH },
  });
  if (status !== 0) throw new Error(`RUN ${command} ended with ${status}`);
}
