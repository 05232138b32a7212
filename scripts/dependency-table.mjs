// Who may import whom, and why. Checked against the sources; `docs` explain the layout, this file decides.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import ts from 'typescript';
import { root } from './setup.mjs';
import { filesBelow, folders } from './source-files.mjs';

/** Each folder of the layout: which of our packages it may import, whether it is pure, and why so. */
export const table = {
  'packages/statement': { may: [], pure: true, why: 'the terms of the field stand on nothing, so that everything can stand on them' },
  'packages/policy': {
    may: ['statement'],
    pure: true,
    why: 'a decision depends on a statement and an agreement, and on nothing that an attacker or a clock could move',
  },
  'packages/seal': {
    may: ['statement', 'policy'],
    pure: true,
    why: 'only what policy permitted can be sealed; keys, time and randomness are handed in',
  },
  'packages/ledger': { may: [], pure: true, why: 'a stranger verifies logs with it, knowing nothing of our statements' },
  'packages/interop': { may: ['statement'], pure: true, why: 'foreign formats become statements; what may be sent is decided elsewhere' },
  'packages/screening': { may: ['statement'], pure: true, why: 'matching sees values, never the database or the network' },
  'packages/store': { may: ['statement', 'policy', 'seal', 'ledger'], why: 'it keeps what the pure packages make, and knows no protocol' },
  'packages/postgres': { may: [], why: 'it launches a server and knows nothing of what is kept there' },
  'packages/client': { may: [], why: 'it is made from the published interface alone, as a partner would make one' },
  'services/node': {
    may: ['statement', 'policy', 'seal', 'ledger', 'interop', 'screening', 'store'],
    why: 'a node is handed its database; it never starts one, and answers requests instead of sending them to itself',
  },
  'services/cli': {
    may: ['statement', 'seal', 'interop', 'postgres', 'client'],
    why: 'people act through the published interface, never past it into the database',
  },
  'services/trial': {
    may: ['statement', 'seal', 'ledger', 'interop', 'postgres', 'client'],
    why: 'what it shows must be what an agency gets: real processes and the published interface',
  },
  'services/auditor': {
    may: ['statement', 'policy', 'seal', 'ledger', 'client'],
    why: 'an auditor who shared code with the database would trust what is to be proved',
  },
  'services/console': { may: ['statement', 'policy', 'seal', 'ledger', 'client'], why: 'it runs in a browser' },
};

const topFolders = ['.ci', 'docs', 'migrations', 'packages', 'scripts', 'services'];
const notOurs = ['.git', '.tap', '.entente', 'coverage', 'node_modules'];

const reasons = {
  layout: 'a folder that the layout does not name hides from every other rule',
  boundary: 'a package is used by what it exports; its files are its own, and its package.json says what it needs',
  pure: 'pure code runs in a browser and gives the same answer tomorrow: no input or output, no clock, no environment, no chance',
  sql: 'SQL in one place is where isolation, history and injection can be reviewed',
};

/** Where the database may be spoken to. */
const sqlFolders = ['packages/store', 'packages/postgres'];
/**
 * And single files elsewhere. The bench measures what storing alone costs, which nothing of ours may stand before; the attacks on a
 * database are those of its administrator.
 */
const sqlFiles = ['services/trial/src/bench/floor.ts', 'services/trial/src/tamper/attacks.ts', 'services/trial/src/tamper/database.ts'];
const speaksSql = (folder, file) => sqlFolders.includes(folder) || sqlFiles.includes(file);
const databaseLibraries = ['pg', 'pg-copy-streams', 'drizzle-orm', 'postgres'];

/** @returns {string[]} one line per violation, each with its reason */
export function violations(base = root) {
  const found = layoutViolations(base);
  for (const [folder, rule] of Object.entries(table)) {
    if (!existsSync(join(base, folder))) continue;
    const declared = declaredImports(base, folder);
    for (const file of sourceFiles(base, folder)) {
      const source = parse(base, file);
      const report = (node, words, why) => {
        const line = node === undefined ? 1 : source.getLineAndCharacterOfPosition(node.getStart(source)).line + 1;
        found.push(`${file}:${line} ${words}: ${why}`);
      };
      checkImports({ folder, rule, file, source, declared, report });
      if (rule.pure) checkPurity(source, report);
      if (!speaksSql(folder, file)) checkSql(source, report);
    }
  }
  return found;
}

function layoutViolations(base) {
  const layout = Object.keys(table);
  const inner = ['packages', 'services'].flatMap((parent) => folders(base, parent).map((name) => `${parent}/${name}`));
  const strange = [
    ...folders(base, '.').filter((name) => !topFolders.includes(name) && !notOurs.includes(name)),
    ...inner.filter((folder) => !layout.includes(folder)),
  ].filter((folder) => readdirSync(join(base, folder)).length > 0);
  return strange.map((folder) => `${folder} is no folder of the layout: ${reasons.layout}`);
}

function sourceFiles(base, folder) {
  return ['.ts', '.tsx'].flatMap((ending) => filesBelow(join(folder, 'src'), ending, base));
}

function parse(base, file) {
  return ts.createSourceFile(file, readFileSync(join(base, file), 'utf8'), ts.ScriptTarget.ES2022, true);
}

function declaredImports(base, folder) {
  const manifest = JSON.parse(readFileSync(join(base, folder, 'package.json'), 'utf8'));
  return new Set(Object.keys({ ...manifest.dependencies, ...manifest.optionalDependencies, ...manifest.peerDependencies }));
}

function checkImports({ folder, rule, file, source, declared, report }) {
  for (const literal of importLiterals(source)) {
    const name = literal.text;
    const library = name
      .split('/')
      .slice(0, name.startsWith('@') ? 2 : 1)
      .join('/');
    if (name.startsWith('.')) {
      if (!join(file, '..', name).startsWith(`${folder}/`)) report(literal, `reaches into another folder by ${name}`, reasons.boundary);
    } else if (name.startsWith('#')) {
      // An entry of the package's own "imports".
    } else if (isBuiltin(name)) {
      if (rule.pure && !isNodeEntry(folder, file)) report(literal, `imports ${name}`, reasons.pure);
    } else if (library.startsWith('@entente/') && !rule.may.includes(library.slice('@entente/'.length))) {
      report(literal, `imports ${library}`, rule.why);
    } else if (databaseLibraries.includes(library) && !speaksSql(folder, file)) {
      report(literal, `imports ${library}`, reasons.sql);
    } else if (!declared.has(library)) {
      report(literal, `imports ${library}, which its package.json does not name`, reasons.boundary);
    }
  }
}

/** `bytes.node.ts`, or all that stands behind a package's entry `./node`. */
function isNodeEntry(folder, file) {
  return file.endsWith('.node.ts') || file === `${folder}/src/node.ts` || file.startsWith(`${folder}/src/node/`);
}

function* nodesOf(node) {
  yield node;
  for (const child of node.getChildren()) yield* nodesOf(child);
}

/** Module names in imports, exports, `import()` and types. */
function* importLiterals(source) {
  for (const node of nodesOf(source)) {
    const named = (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) && node.moduleSpecifier;
    if (named) yield named;
    if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword && ts.isStringLiteralLike(node.arguments[0]))
      yield node.arguments[0];
    if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) yield node.argument.literal;
  }
}

/** Names that reach the world without an import. */
const impure = [
  /^process\./,
  /^Date\.now$/,
  /^Math\.random$/,
  /^performance\./,
  /^(globalThis\.)?crypto\.(getRandomValues|randomUUID)$/,
  /^(fetch|setTimeout|setInterval|setImmediate|queueMicrotask)$/,
];

function checkPurity(source, report) {
  for (const node of nodesOf(source)) {
    const text =
      ts.isPropertyAccessExpression(node) || (ts.isCallExpression(node) && ts.isIdentifier(node.expression)) ? nameOf(node) : undefined;
    if (text !== undefined && impure.some((pattern) => pattern.test(text))) report(node, `uses ${text}`, reasons.pure);
    if (ts.isNewExpression(node) && node.expression.getText(source) === 'Date' && !node.arguments?.length)
      report(node, 'asks for the present time', reasons.pure);
  }
}

function nameOf(node) {
  return (ts.isCallExpression(node) ? node.expression : node).getText();
}

const sql =
  /^\s*(select\s[\s\S]*\sfrom\s|insert\s+into\s|update\s+\S+\s+set\s|delete\s+from\s|(create|alter|drop|truncate)\s+(table|index|role|database|schema|function|trigger|extension)\s)/i;

function checkSql(source, report) {
  for (const node of nodesOf(source)) {
    if (!ts.isStringLiteralLike(node) && !ts.isTemplateHead(node)) continue;
    const keyword = /^\s*([A-Za-z]+)/.exec(node.text)?.[1];
    // A sentence for people begins with one capital; SQL is written in capitals, or without any.
    const written = keyword === keyword?.toUpperCase() || (keyword === keyword?.toLowerCase() && node.text.includes(' '));
    if (written && sql.test(node.text)) report(node, `speaks SQL (${keyword} ...)`, reasons.sql);
  }
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  const found = violations();
  for (const line of found) console.error(line);
  console.log(found.length === 0 ? 'The sources keep to the dependency table.' : `${found.length} violations of the dependency table.`);
  process.exitCode = found.length === 0 ? 0 : 1;
}
