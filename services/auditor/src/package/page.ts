import type { EntityConfiguration } from '@entente/seal';
import { text } from '../html.js';
import type { ProofFile } from '../proof/proof-file.js';

/** One thing to verify, by one command that ends with 0 if it holds. */
export interface VerifyStep {
  says: string;
  command: string;
}

export interface Chapter {
  title: string;
  says: string;
  steps: VerifyStep[];
}

/** The page that a court reads: what is proven, and how to verify each part with tools that anybody has. */
export function pageOf(proof: ProofFile, nodes: readonly EntityConfiguration[], chapters: readonly Chapter[]): string {
  const first: Chapter = {
    title: 'The files',
    says: 'Nothing was lost on the way.',
    steps: [{ says: 'every file is the one that was packed', command: 'sha256sum --check --quiet SHA256SUMS' }],
  };
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Evidence: statement ${text(proof.statement.digest)}</title><style>${style}</style></head><body>
<h1>Evidence</h1>
<p>This package proves a statement, to whom it was released, and what they answered. It was made on ${text(proof.made_at)} from the log of ${text(proof.node)}.</p>
<p>It is verified with <code>openssl</code> 1.1.1 or newer and the ordinary commands of a Unix shell; no software of the agencies is needed. Go to the folder of this page and run the commands. Each ends without a complaint, with exit code 0, if what stands beside it holds.</p>
<h2>What you must know from elsewhere</h2>
<p>The keys are those of these agencies only if their thumbprints are the ones that the agencies tell you by another way:</p>
<ul>${nodes.map(thumbprints).join('')}</ul>
${[first, ...chapters].map(chapterOf).join('\n')}
</body></html>
`;
}

const thumbprints = ({ id, organizationName, keys }: EntityConfiguration): string =>
  `<li>${text(organizationName)} (${text(id)}): ${keys
    .filter(({ use }) => use === 'federation')
    .map(({ kid }) => `<code>${text(kid)}</code>`)
    .join(', ')}</li>`;

const chapterOf = ({ title, says, steps }: Chapter): string => `<h2>${text(title)}</h2>
<p>${text(says)}</p>
${steps.map((step) => `<p>${text(step.says)}</p>\n<pre class="command">${text(step.command)}</pre>`).join('\n')}`;

const style = `
body { font: 11pt/1.45 Georgia, serif; color: #111; max-width: 54rem; margin: 2rem auto; padding: 0 1rem; }
h2 { font-size: 1.15rem; margin: 1.6rem 0 .4rem; } p { margin: .4rem 0; } code, pre { font-size: .85em; overflow-wrap: anywhere; }
pre { background: #f3f3f3; border: 1px solid #ccc; padding: .5rem; white-space: pre-wrap; }
@media print { body { margin: 0; max-width: none; font-size: 9.5pt; } pre { break-inside: avoid; } }
`;
