/** The report as one HTML file: a bar for each figure that has a target, a line for each that grows with something, every number in words. */
import type { Report } from './bench.js';
import type { Figure, Series } from './figure.js';

export function page({ machine, figures, seconds }: Report): string {
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Entente: what it costs</title>
<style>
body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; color: #1c2530; background: #fff }
h1, h2 { line-height: 1.2 } h2 { margin: 2.5rem 0 0.5rem; font-size: 1.1rem }
p { margin: 0.5rem 0 } .quiet { color: #56616e }
svg { display: block; width: 100%; height: auto; margin: 0.5rem 0 }
svg text { font: 13px system-ui, sans-serif; fill: #1c2530 }
.track { fill: #e8ecf1 } .reached { fill: #1f7a4d } .short { fill: #b4541a } .mark, .line { stroke: #1c2530; fill: none } .axis { stroke: #b3bcc7 } .dot { fill: #1c2530 }
@media print { section { break-inside: avoid } }
</style>
<h1>What it costs</h1>
<p>Ratios between two things measured in the same run, on ${escaped(machine)}</p>
<p class="quiet">Took ${seconds} s. The mark in each bar is its target; longer is better.</p>
${figures.map(section).join('\n')}
</html>
`;
}

function section(figure: Figure): string {
  const { title, value, unit, target, how, series = [] } = figure;
  const asked = target ? `, at ${target.at} ${target.value} asked for` : '';
  return `<section>
<h2>${escaped(title)}: ${value} ${unit}${asked}</h2>
${target ? bar(value, target) : ''}${series.map(line).join('')}
<p class="quiet">${escaped(how)}.</p>
</section>`;
}

/** The share of the target that is reached, on a scale that ends at twice the target. */
function bar(value: number, target: NonNullable<Figure['target']>): string {
  const share = target.at === 'least' ? value / target.value : target.value / value;
  const width = Math.min(2, share) * 300;
  const words = share >= 1 ? 'reached' : `${Math.round(share * 100)} % of it`;
  return `<svg viewBox="0 0 720 24" role="img" aria-label="${words}"><rect class="track" width="600" height="24"/><rect class="${share >= 1 ? 'reached' : 'short'}" width="${width.toFixed(1)}" height="24"/><line class="mark" x1="300" x2="300" y2="24"/><text x="610" y="17">${words}</text></svg>`;
}

const [WIDTH, HEIGHT, LEFT, BELOW] = [600, 140, 70, 24];

/** The horizontal axis is logarithmic: what grows here grows by factors. */
function line({ title, unit, over, points }: Series): string {
  const xs = points.map(([x]) => Math.log10(Math.max(1, x)));
  const top = Math.max(...points.map(([, y]) => y));
  const [low, high] = [Math.min(...xs), Math.max(...xs)];
  const place = ([, y]: [number, number], i: number): [number, number] => [
    LEFT + (high === low ? 0 : ((xs[i]! - low) / (high - low)) * (WIDTH - LEFT - 40)),
    10 + (1 - y / top) * (HEIGHT - 10),
  ];
  const places = points.map(place);
  const dots = places
    .map(
      ([x, y], i) =>
        `<circle class="dot" cx="${x.toFixed(1)}" cy="${y.toFixed(1)}" r="3"/><text x="${x.toFixed(1)}" y="${(y - 6).toFixed(1)}">${points[i]![1]}</text><text x="${x.toFixed(1)}" y="${HEIGHT + BELOW - 8}">${points[i]![0].toLocaleString('en')}</text>`,
    )
    .join('');
  const path = places.map(([x, y]) => `${x.toFixed(1)},${y.toFixed(1)}`).join(' ');
  const words = `${title}, ${unit}, by ${over}`;
  return `<p>${escaped(words)}</p>
<svg viewBox="0 -10 ${WIDTH + 120} ${HEIGHT + BELOW + 20}" role="img" aria-label="${escaped(words)}"><line class="axis" x1="${LEFT}" x2="${WIDTH - 40}" y1="${HEIGHT}" y2="${HEIGHT}"/><polyline class="line" points="${path}"/>${dots}</svg>`;
}

const escaped = (text: string): string => text.replace(/[&<>"]/g, (c) => `&#${c.charCodeAt(0)};`);
