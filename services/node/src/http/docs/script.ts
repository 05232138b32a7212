/** Search, and opening what an address or a printer asks for. Without it the page is whole, only longer to look through. */
export const script = `
const field = document.getElementById('search');
const operations = [...document.querySelectorAll('details.operation')];
const entries = new Map([...document.querySelectorAll('nav li')].map((item) => [item.dataset.for, item]));
function search() {
  const words = field.value.toLowerCase().split(/\\s+/).filter(Boolean);
  let found = 0;
  for (const operation of operations) {
    const hit = words.every((word) => operation.dataset.words.includes(word));
    operation.hidden = !hit;
    entries.get(operation.id).hidden = !hit;
    if (hit) found++;
  }
  for (const group of document.querySelectorAll('nav .group')) group.hidden = !group.querySelector('li:not([hidden])');
  for (const section of document.querySelectorAll('section')) section.hidden = !section.querySelector('details.operation:not([hidden])');
  document.getElementById('nothing').hidden = found > 0;
  document.getElementById('count').textContent = words.length ? found + ' of ' + operations.length + ' operations' : '';
}
function openAddressed() {
  const target = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (target && target.matches('details')) { target.open = true; target.scrollIntoView(); }
}
field.addEventListener('input', search);
addEventListener('hashchange', openAddressed);
document.querySelector('nav').addEventListener('click', () => setTimeout(openAddressed));
addEventListener('keydown', (event) => {
  if (event.key === '/' && document.activeElement !== field) { event.preventDefault(); field.focus(); }
  if (event.key === 'Escape' && document.activeElement === field) { field.value = ''; search(); }
  if (event.key === 'Enter' && document.activeElement === field) {
    const first = operations.find((operation) => !operation.hidden);
    if (first) { location.hash = first.id; first.open = true; first.querySelector('summary').focus(); }
  }
});
addEventListener('beforeprint', () => { for (const fold of document.querySelectorAll('details')) { fold.dataset.was = fold.open; fold.open = true; } });
addEventListener('afterprint', () => { for (const fold of document.querySelectorAll('details')) fold.open = fold.dataset.was === 'true'; });
openAddressed();
`;
