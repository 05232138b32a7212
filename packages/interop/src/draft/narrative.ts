import english from '../../data/narrative.en.json' with { type: 'json' };
import type { Shipment } from '../shipment/shipment.js';
import type { GoodsLine } from '../wco/consignment.js';
import type { Ground } from './grounds.js';
import { namesPerson, partyKindOf } from './party-kind.js';
import { destinationsOf } from './route.js';
import { lineOf } from './text.js';
import { unplacedMeans } from './transport.js';

type Phrase = keyof typeof english;

/** Texts by language; a language without one is served in English. */
const languages: ReadonlyMap<string, Record<Phrase, string>> = new Map([['en', english]]);
export const narrativeLanguage = (lang: string): string => (languages.has(lang) ? lang : 'en');

const limit = { narrative: 4000, title: 120, lines: 20, description: 160 } as const;

/** The facts of the declaration in plain words. Of persons it names none: a text that seems to name one is left to the goods line. */
export function narrativeOf(shipment: Shipment, grounds: readonly Ground[], lang: string, leftOut: number): string {
  const say = sayerIn(lang);
  const described = shipment.goods.slice(0, limit.lines);
  const sentences = [
    say('declared', {
      direction: say(`direction_${shipment.direction}`).toLowerCase(),
      type: shipment.type,
      ...endsOf(shipment, say),
      lines: shipment.goods.length === 1 ? say('one_line') : say('many_lines', { count: shipment.goods.length }),
    }),
    ...(shipment.state === 'amended' ? [say('amended', { count: shipment.changes.length })] : []),
    ...described.map((line) => lineSentence(line, shipment, say)),
    ...(shipment.goods.length > described.length ? [say('more_lines', { count: shipment.goods.length - described.length })] : []),
    ...(leftOut > 0 ? [say('lines_left_out', { count: leftOut })] : []),
    ...grounds.map((ground) => groundSentence(ground, say)),
    ...unplacedMeans(shipment).map(({ number = '', number_type: type }) =>
      say('means', { number, type: type === undefined ? '' : say('means_type', { type }) }),
    ),
  ];
  return joinWithin([...new Set(sentences)], say('end'), limit.narrative);
}

/** Direction, countries and what drew attention; codes only. */
export function titleOf(shipment: Shipment, grounds: readonly Ground[], lang: string): string {
  const say = sayerIn(lang);
  const codesOf = (of: Ground['of']) => [...new Set(grounds.filter((ground) => ground.of === of).map((ground) => ground.code))].join(', ');
  const list = grounds.find((ground) => ground.of === 'list')?.title ?? '';
  const parts = [
    codesOf('licence') === '' ? '' : say('title_licence', { codes: codesOf('licence') }),
    codesOf('list') === '' ? '' : say('title_listed', { codes: codesOf('list'), title: list }),
  ];
  const title = say('title', {
    direction: say(`direction_${shipment.direction}`),
    ...endsOf(shipment, say),
    grounds: parts.filter((part) => part !== '').join('; '),
  });
  return lineOf(title, limit.title) ?? shipment.direction;
}

type Say = (phrase: Phrase, values?: Record<string, string | number>) => string;

function sayerIn(lang: string): Say {
  const texts = languages.get(lang) ?? english;
  return (phrase, values = {}) => texts[phrase].replace(/\{(\w+)\}/g, (_, name: string) => String(values[name] ?? ''));
}

function endsOf(shipment: Shipment, say: Say): { from: string; to: string } {
  const from = shipment.export_country ?? shipment.goods.find((line) => line.export_country !== undefined)?.export_country;
  return { from: from ?? say('unknown_country'), to: destinationsOf(shipment).join(', ') || say('unknown_country') };
}

function lineSentence(line: GoodsLine, shipment: Shipment, say: Say): string {
  const mass =
    line.net_mass_kg !== undefined
      ? say('net_mass', { mass: line.net_mass_kg })
      : line.gross_mass_kg !== undefined
        ? say('gross_mass', { mass: line.gross_mass_kg })
        : '';
  const text = lineOf(line.description, limit.description);
  return say('line', {
    line: line.line_no,
    description: text === undefined || mayNamePerson(text, shipment) ? say('no_description') : `"${text}"`,
    hs: line.hs_code === undefined ? say('no_hs') : say('hs', { code: line.hs_code }),
    mass,
  });
}

function groundSentence(ground: Ground, say: Say): string {
  const place = ground.lineNo === undefined ? say('place_header') : say('place_line', { line: ground.lineNo });
  const { code, title } = ground;
  if (ground.of === 'list') return say('listed', { place, code, title, edition: ground.edition, label: ground.list });
  const status = ground.status ?? '';
  return say(ground.waiver ? 'waiver' : 'licence', {
    place,
    code,
    title,
    status: ground.waiver ? status : status && say('status', { status }),
  });
}

/** A form of address, or a word of the name of a party that is not known to be a business. */
function mayNamePerson(text: string, shipment: Shipment): boolean {
  if (namesPerson(text)) return true;
  const parties = [...shipment.parties, ...shipment.goods.flatMap((line) => line.parties)];
  const persons = parties.flatMap((party) => [
    ...(partyKindOf(party.name, party.number) === 'LEGAL' ? [] : [party.name ?? '']),
    ...(party.contacts ?? []),
  ]);
  const words = new Set(wordsOf(text));
  return persons.some((name) => wordsOf(name).some((word) => word.length > 2 && words.has(word)));
}

const wordsOf = (text: string): string[] => text.toLowerCase().split(/[^\p{L}]+/u);

/** Whole sentences as long as they fit, always with the closing one. */
function joinWithin(sentences: readonly string[], end: string, length: number): string {
  let text = '';
  for (const sentence of sentences) {
    if (text.length + sentence.length + end.length + 2 > length) break;
    text += `${sentence} `;
  }
  return text + end;
}
