import { text } from '../html.js';
import type { Report } from './report.js';

const verdicts = { holds: 'holds', fails: 'does not hold', person: 'for a person to judge' } as const;
const MOST_RECORDS = 50;

/** The report as one HTML file: no script, nothing fetched, made to be printed. */
export function pageOf(report: Report): string {
  const { node, made_at, period, logs, checks, beyond_data, holds } = report;
  const rows = checks.map(
    ({ id, title, outcome, says, records }) => `<tr class="${outcome}"><th scope="row">${id}</th>
<td><strong>${text(title)}</strong><p>${text(says)}</p>${recordsOf(records)}</td><td class="verdict">${verdicts[outcome]}</td></tr>`,
  );
  const heads = logs.map(
    ({ origin, size, root, checkpoints, cosigned }) =>
      `<tr><td>${text(origin)}</td><td>${size}</td><td><code>${text(root)}</code></td><td>${checkpoints}</td><td>${cosigned}</td></tr>`,
  );
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Inspection of ${text(node)}</title><style>${style}</style></head><body>
<header><h1>Inspection of ${text(node)}</h1>
<p class="lead ${holds ? 'holds' : 'fails'}">${holds ? 'Nothing that data can tell does not hold.' : 'Something does not hold: see below.'}</p>
<p>Made ${text(made_at)}; the log reaches from ${text(period?.from ?? 'nothing')} to ${text(period?.to ?? 'nothing')}, UTC.</p></header>
<h2>Logs</h2>
<table><thead><tr><th>Log</th><th>Entries</th><th>Root</th><th>Checkpoints</th><th>Cosigned</th></tr></thead><tbody>${heads.join('')}</tbody></table>
<h2>Checks</h2>
<table class="checks"><thead><tr><th>Check</th><th>What the data say</th><th>Result</th></tr></thead><tbody>
${rows.join('\n')}
</tbody></table>
<h2>Beyond what data can answer</h2>
<ul>${beyond_data.map(({ id, title }) => `<li>${id}: ${text(title)}</li>`).join('')}</ul>
</body></html>
`;
}

function recordsOf(records: readonly string[]): string {
  if (records.length === 0) return '';
  const rest = records.length > MOST_RECORDS ? `<li>and ${records.length - MOST_RECORDS} more, in the signed report</li>` : '';
  return `<ul>${records
    .slice(0, MOST_RECORDS)
    .map((record) => `<li><code>${text(record)}</code></li>`)
    .join('')}${rest}</ul>`;
}

const style = `
body { font: 11pt/1.45 Georgia, serif; color: #111; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.5rem; margin: 0; } h2 { font-size: 1.15rem; margin: 1.8rem 0 .5rem; }
table { border-collapse: collapse; width: 100%; } th, td { border: 1px solid #999; padding: .35rem .5rem; text-align: left; vertical-align: top; }
thead th { background: #eee; } p { margin: .3rem 0; } code { font-size: .85em; overflow-wrap: anywhere; }
.lead { font-weight: bold; } .lead.fails, .fails .verdict { color: #a00000; font-weight: bold; } .lead.holds, .holds .verdict { color: #0a5c1a; }
.checks td.verdict { white-space: nowrap; }
@media print { body { margin: 0; max-width: none; font-size: 9.5pt; } tr { break-inside: avoid; } thead { display: table-header-group; } }
`;
