/** The trial's own invented declarations, what the officers decide about them, and what a person wrote down that each partner may see. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { AnswerText, Decision } from './decision.js';
import type { Expectation } from './leaks.js';
import type { OnwardText } from './onward.js';

const folder = fileURLToPath(new URL('../../fixtures', import.meta.url));

export interface DeclarationFile {
  /** As people call it. */
  name: string;
  bytes: Buffer;
}

/** What run number `run` (from 0) brings: first everything of the earlier runs again, then the new ones. */
export async function inventedDeclarations(run: number): Promise<DeclarationFile[]> {
  const { runs } = await json<{ runs: string[][] }>('runs.json');
  return Promise.all(
    runs
      .slice(0, run + 1)
      .flat()
      .map((name) => declarationFile(join(folder, 'declarations'), name)),
  );
}

/** Every XML file under a folder, in the order of their names. Throws in words when there is none. */
export async function declarationsIn(input: string): Promise<DeclarationFile[]> {
  const entries = await readdir(input, { recursive: true, withFileTypes: true }).catch((error: NodeJS.ErrnoException) => {
    throw new Error(`the folder ${input} cannot be read (${error.code}); --input names a folder with declarations as XML files`);
  });
  const names = entries.filter((e) => e.isFile() && e.name.toLowerCase().endsWith('.xml')).map((e) => join(e.parentPath, e.name));
  if (names.length === 0) throw new Error(`there is no XML file in ${input}, nor in a folder under it`);
  return Promise.all(names.sort().map((path) => declarationFile('', path, path.slice(input.length).replace(/^[/\\]+/, ''))));
}

async function declarationFile(base: string, path: string, name = path): Promise<DeclarationFile> {
  return { name, bytes: await readFile(join(base, path)) };
}

/** The officer's decision on this declaration, or the one that he takes on any other. */
export const decisionOn = async (declaration: string): Promise<Decision> =>
  (await optional<Decision>(`decisions/${stem(declaration)}.json`)) ?? (await json<Decision>('decisions/any-other.json'));

export const answerTo = (declaration: string): Promise<AnswerText | undefined> => optional<AnswerText>(`answers/${stem(declaration)}.json`);

/** How the answer to it is passed on with the consent of who gave it, and then called back. */
export const onwardOf = (declaration: string): Promise<OnwardText | undefined> => optional<OnwardText>(`onward/${stem(declaration)}.json`);

/** Absent for declarations that are not ours: nobody has written down what their partners may see. */
export const expectationsOf = (declaration: string): Promise<Expectation[] | undefined> => expectations(`${stem(declaration)}.json`);
export const expectationsOfAnswer = (declaration: string): Promise<Expectation[] | undefined> =>
  expectations(`${stem(declaration)}.answer.json`);
export const expectationsOfOnward = (declaration: string): Promise<Expectation[] | undefined> =>
  expectations(`${stem(declaration)}.onward.json`);

const expectations = async (file: string): Promise<Expectation[] | undefined> =>
  (await optional<{ expectations: Expectation[] }>(`expectations/${file}`))?.expectations;

const stem = (name: string): string => name.replace(/\.xml$/i, '');
const json = async <T>(name: string): Promise<T> => JSON.parse(await readFile(join(folder, name), 'utf8')) as T;
const optional = <T>(name: string): Promise<T | undefined> =>
  json<T>(name).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
