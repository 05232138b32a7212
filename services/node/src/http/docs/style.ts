/** Light and dark as the reader's system has it; on paper black on white. Fonts of the system: nothing is loaded. */
export const style = `
:root { --text: #1b2430; --muted: #5a6675; --ground: #fff; --raised: #f5f7fa; --line: #d9dfe7; --link: #0b5cad; --code: #f0f3f7;
  --get: #0b6e4f; --post: #0b5cad; --put: #8a5200; --patch: #8a5200; --delete: #b3261e; --required: #b3261e; }
@media (prefers-color-scheme: dark) { :root { --text: #dfe6ee; --muted: #9aa7b6; --ground: #11161d; --raised: #18202a; --line: #2c3743;
  --link: #7db7f5; --code: #1d2732; --get: #5fd0a5; --post: #7db7f5; --put: #f0b25c; --patch: #f0b25c; --delete: #ff8a80; --required: #ff8a80; } }
* { box-sizing: border-box; }
html { scroll-padding-top: 4.5rem; }
body { margin: 0; background: var(--ground); color: var(--text); font: 15px/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "Liberation Sans", sans-serif; }
a { color: var(--link); text-decoration: none; } a:hover { text-decoration: underline; }
:focus-visible { outline: 2px solid var(--link); outline-offset: 2px; border-radius: 3px; }
code, pre { font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, "Liberation Mono", monospace; font-size: 0.87em; }
code { background: var(--code); border-radius: 3px; padding: 0.1em 0.3em; overflow-wrap: anywhere; }
h1 { font-size: 1.7rem; line-height: 1.25; margin: 0 0 1rem; } h2 { font-size: 1.3rem; margin: 2.5rem 0 0.25rem; } h3 { font-size: 0.95rem; margin: 1.5rem 0 0.5rem; }
p { margin: 0 0 0.75rem; max-width: 48rem; }
[hidden] { display: none !important; }
.muted { color: var(--muted); }
.hidden { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
.skip { position: absolute; left: -99rem; } .skip:focus { left: 1rem; top: 1rem; z-index: 9; background: var(--ground); padding: 0.5rem 1rem; }
header { position: sticky; top: 0; z-index: 2; background: var(--ground); border-bottom: 1px solid var(--line); }
.bar { display: flex; align-items: center; gap: 0.75rem; max-width: 88rem; margin: auto; padding: 0.6rem 1.5rem; }
.search { flex: 1; max-width: 30rem; margin-left: auto; }
input { width: 100%; font: inherit; color: inherit; background: var(--raised); border: 1px solid var(--line); border-radius: 6px; padding: 0.4rem 0.75rem; }
.columns { display: grid; grid-template-columns: 19rem minmax(0, 1fr); max-width: 88rem; margin: auto; }
nav { position: sticky; top: 3.6rem; align-self: start; height: calc(100vh - 3.6rem); overflow: auto; padding: 1.25rem 0.5rem 2rem 1.5rem; border-right: 1px solid var(--line); }
nav ul { list-style: none; margin: 0 0 1rem; padding: 0; } nav li a { display: flex; gap: 0.5rem; padding: 0.17rem 0.5rem; border-radius: 4px; color: var(--text); font-size: 0.87rem; line-height: 1.4; }
nav li a:hover { background: var(--raised); text-decoration: none; }
nav .tag { display: block; color: var(--muted); font-size: 0.75rem; font-weight: 600; letter-spacing: 0.05em; text-transform: uppercase; padding: 0.2rem 0.5rem; }
main { padding: 1.75rem 2.5rem 6rem; min-width: 0; } main:focus { outline: none; }
.method { flex: none; display: inline-block; width: 3.6rem; font: 600 0.7rem/1.6 ui-monospace, Menlo, Consolas, monospace; letter-spacing: 0.02em; }
nav .method { width: 2.9rem; font-size: 0.62rem; line-height: 1.95; }
.get { color: var(--get); } .post { color: var(--post); } .put { color: var(--put); } .patch { color: var(--patch); } .delete { color: var(--delete); }
.operation { border: 1px solid var(--line); border-radius: 8px; margin: 0.6rem 0; background: var(--ground); }
.operation > summary { display: flex; flex-wrap: wrap; align-items: baseline; gap: 0.25rem 0.75rem; padding: 0.6rem 1rem; cursor: pointer; list-style: none; }
.operation > summary::-webkit-details-marker { display: none; }
.operation > summary:hover { background: var(--raised); border-radius: 8px; } .operation[open] > summary { border-bottom: 1px solid var(--line); background: var(--raised); border-radius: 8px 8px 0 0; }
.path { background: none; padding: 0; font-weight: 600; } .summary { color: var(--muted); margin-left: auto; }
.inside { padding: 1rem 1.25rem 1.25rem; } .inside > p:first-child { margin-top: 0; }
.wide { overflow-x: auto; } table { border-collapse: collapse; width: 100%; font-size: 0.9rem; } th, td { text-align: left; vertical-align: top; padding: 0.4rem 0.75rem 0.4rem 0; border-bottom: 1px solid var(--line); }
thead th { color: var(--muted); font-weight: 500; font-size: 0.8rem; } tbody th { font-weight: 500; white-space: nowrap; }
.required { color: var(--required); font-size: 0.75rem; font-weight: 500; } .type { color: var(--muted); font-size: 0.85rem; }
.limits { color: var(--muted); font-size: 0.82rem; } .values { display: flex; flex-wrap: wrap; gap: 0.25rem; padding: 0.4rem 0; }
.media { font-size: 0.82rem; margin: 0 0 0.4rem; }
.members { list-style: none; margin: 0; padding: 0; } .members > li { padding: 0.45rem 0; border-top: 1px solid var(--line); } .schema > .members > li:first-child { border-top: 0; }
.schema { border: 1px solid var(--line); border-radius: 6px; padding: 0 0.9rem; margin-bottom: 0.75rem; }
.name { font-weight: 600; background: none; padding: 0; } .words { font-size: 0.9rem; }
details details > summary { color: var(--link); cursor: pointer; font-size: 0.82rem; width: fit-content; } details details > .members { border-left: 2px solid var(--line); padding-left: 0.9rem; margin: 0.3rem 0; }
figure { margin: 0 0 0.75rem; } figcaption { color: var(--muted); font-size: 0.82rem; margin-bottom: 0.25rem; }
pre { margin: 0; padding: 0.8rem 1rem; background: var(--code); border-radius: 6px; overflow: auto; max-height: 28rem; line-height: 1.45; } pre code { background: none; padding: 0; overflow-wrap: normal; }
.status { font: 600 0.8rem ui-monospace, Menlo, Consolas, monospace; color: var(--get); border: 1px solid currentColor; border-radius: 4px; padding: 0.05rem 0.4rem; margin-right: 0.4rem; }
@media (max-width: 60rem) { .columns { display: block; } nav { display: none; } main { padding: 1.25rem 1rem 4rem; } .bar { padding: 0.6rem 1rem; flex-wrap: wrap; } .search { order: 9; flex-basis: 100%; max-width: none; } .summary { margin-left: 0; flex-basis: 100%; } }
@media print { :root { --text: #000; --muted: #444; --ground: #fff; --raised: #fff; --code: #f4f4f4; --line: #bbb; --link: #000; } header, nav, .skip, #count { display: none; } .columns { display: block; } main { padding: 0; }
  body { font-size: 10pt; } pre { max-height: none; white-space: pre-wrap; } .operation { break-inside: auto; border: 0; border-top: 1px solid var(--line); border-radius: 0; } .operation > summary { break-after: avoid; } h2, h3 { break-after: avoid; } tr, .members > li { break-inside: avoid; } }
`;
