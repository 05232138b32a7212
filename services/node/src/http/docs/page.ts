/** The page, from the document alone. */
import { type ApiDocument, exampleOf, type Media, type NamedOperation, operationsByTag, type Parameter, resolved } from './document.js';
import { type Html, html, inline, prose } from './html.js';
import { limits, schemaView, typeOf } from './schema.js';
import { script } from './script.js';
import { style } from './style.js';

export function renderDocs(document: ApiDocument): string {
  const groups = operationsByTag(document);
  const { title, version, description } = document.info;
  const count = groups.reduce((sum, group) => sum + group.operations.length, 0);
  const body = html`<a class="skip" href="#content">To the content</a>
<header><div class="bar"><strong>Entente</strong> <span class="muted">API ${version}</span>
<label class="search"><span class="hidden">Search operations</span><input id="search" type="search" placeholder="Search ${count} operations   ( / )" autocomplete="off" spellcheck="false"></label>
<a href="/openapi.json">openapi.json</a></div></header>
<div class="columns"><nav aria-label="Operations">${groups.map(navigation)}</nav>
<main id="content" tabindex="-1"><h1>${title}</h1>${prose(description)}
<p id="count" class="muted" role="status" aria-live="polite"></p>
${groups.map(
  (group) =>
    html`<section id="tag-${anchor(group.name)}"><h2>${group.name}</h2>${prose(group.description)}${group.operations.map((operation) => article(document, operation))}</section>`,
)}
<p id="nothing" hidden>No operation has these words.</p></main></div>`;
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light dark"><title>${html`${title}`.text}</title><style>${style}</style></head>
<body>${body.text}<script>${script}</script></body></html>
`;
}

const anchor = (text: string): string => text.toLowerCase().replace(/[^a-z0-9]+/g, '-');
const badge = (method: string): Html => html`<span class="method ${method}">${method.toUpperCase()}</span>`;

function navigation({ name, operations }: { name: string; operations: NamedOperation[] }): Html {
  return html`<div class="group"><a class="tag" href="#tag-${anchor(name)}">${name}</a><ul>${operations.map(
    (operation) =>
      html`<li data-for="${operation.id}"><a href="#${operation.id}">${badge(operation.method)}<span>${operation.summary}</span></a></li>`,
  )}</ul></div>`;
}

function article(document: ApiDocument, operation: NamedOperation): Html {
  const { id, method, path, summary, description, security } = operation;
  const searched = [id, method, path, summary, description, operation.tags?.join(' ')].join(' ').toLowerCase();
  return html`<details class="operation" id="${id}" data-words="${searched}"><summary>${badge(method)}<code class="path">${breakable(path)}</code><span class="summary">${summary}</span></summary>
<div class="inside">${prose(description)}${security?.length === 0 ? html`<p class="muted">Open to anybody who reaches the listener.</p>` : undefined}${parameters(document, operation.parameters)}${request(document, operation)}${answers(document, operation)}</div></details>`;
}

/** A path may break after each of its parts. */
const breakable = (path: string): Html[] => path.split(/(?<=.)(?=\/)/).map((part) => html`${part}<wbr>`);

function parameters(document: ApiDocument, all: Parameter[] = []): Html | undefined {
  if (all.length === 0) return undefined;
  const row = (p: Parameter) =>
    html`<tr><th scope="row"><code>${p.name}</code>${p.required ? html` <span class="required">required</span>` : undefined}</th><td>${p.in}</td><td>${
      p.schema ? html`<span class="type">${typeOf(document, resolved(document, p.schema))}</span>` : undefined
    } ${inline(p.description)}${p.schema ? limits(p.schema) : undefined}${
      p.example === undefined ? undefined : html`<div class="limits">for instance <code>${String(p.example)}</code></div>`
    }</td></tr>`;
  return html`<h3>Parameters</h3><div class="wide"><table><thead><tr><th>name</th><th>in</th><th>what</th></tr></thead><tbody>${all.map(row)}</tbody></table></div>`;
}

function request(document: ApiDocument, { requestBody }: NamedOperation): Html | undefined {
  if (!requestBody) return undefined;
  return html`<h3>Request body</h3>${Object.entries(requestBody.content).map(([type, media]) => body(document, type, media))}`;
}

function answers(document: ApiDocument, { responses }: NamedOperation): Html {
  const entries = Object.entries(responses);
  const good = entries.filter(([status]) => Number(status) < 400);
  const refused = entries.filter(([status]) => Number(status) >= 400);
  return html`<h3>Answers</h3>${good.map(
    ([status, answer]) =>
      html`<div class="answer"><p><span class="status">${status}</span> ${inline(answer.description)}</p>${Object.entries(answer.content ?? {}).map(([type, media]) => body(document, type, media))}</div>`,
  )}<h3>Refusals</h3><div class="wide"><table><thead><tr><th>status</th><th>code</th></tr></thead><tbody>${refused.map(
    ([status, answer]) => html`<tr><th scope="row">${status}</th><td>${inline(answer.description)}</td></tr>`,
  )}</tbody></table></div>`;
}

function body(document: ApiDocument, type: string, media: Media): Html {
  const example = exampleOf(media);
  const members = schemaView(document, media.schema);
  return html`<p class="muted media">${type}</p>${members.text === '' ? undefined : html`<div class="schema">${members}</div>`}${
    example === undefined
      ? undefined
      : html`<figure><figcaption>Example</figcaption><pre tabindex="0"><code>${text(example)}</code></pre></figure>`
  }`;
}

const text = (example: unknown): string => (typeof example === 'string' ? example : JSON.stringify(example, null, 2));
