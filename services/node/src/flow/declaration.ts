/** From a customs declaration to a shipment, and, where it names a licence or listed goods, to a draft alert. */
import {
  applyAmendment,
  cancelShipment,
  type Declaration,
  type DraftOutcome,
  decodeXml,
  draftAlert,
  type InteropCode,
  InteropError,
  readDeclaration,
  type Shipment,
  shipmentOf,
  standardRules,
} from '@entente/interop';
import { validateDraft } from '@entente/statement';
import type { Act, DraftWrite, ShipmentRecord, Store } from '@entente/store';
import { accessEntry } from '../agency/access.js';
import type { Actor, Answer, DeclarationActs, DeclarationBody, DraftInput } from '../agency/acts.js';
import type { ContentKeys } from '../content-keys.js';
import { type Code, Problem } from '../problem.js';
import { newDraft } from './draft.js';
import { uuidV7 } from './uuid.js';
import { kindNamed } from './validated.js';

export interface DeclarationDeps {
  store: Pick<Store, 'declarationSeen' | 'shipment' | 'shipmentByReference' | 'commit'>;
  content: ContentKeys;
  now: () => number;
  random: (bytes: number) => Uint8Array;
}

/** What content of a shipment is bound to in the store. */
export const shipmentRef = (id: string): string => `shipment ${id}`;

type Reading = Parameters<DeclarationActs['read']>[0];

export function createDeclarationActs(deps: DeclarationDeps): DeclarationActs {
  const { store, content } = deps;

  async function read(request: Reading): Promise<Answer<DeclarationBody>> {
    const fingerprint = content.fingerprint(request.bytes);
    const seen = await store.declarationSeen(fingerprint);
    if (seen) return { status: 200, body: { outcome: 'already_known', ...shown(await store.shipment(seen.shipment)), reasons: [] } };
    const { text, declaration } = readable(request.bytes);
    const before = await shipmentNamed(declaration);
    const shipment = interpreted(() => after(declaration, before && openShipment(before)));
    const id = before?.id ?? uuidV7(Date.now(), deps.random);
    const { draft, reasons, open } = draftFor(shipment, id, before?.draft, request.by);
    const answer: Answer<DeclarationBody> = {
      status: before ? 200 : 201,
      body: {
        outcome: outcomes[declaration.function],
        shipment: id,
        ...((draft?.id ?? before?.draft) !== undefined && { draft: (draft?.id ?? before?.draft)! }),
        ...(open && { open }),
        reasons,
      },
    };
    return await keep(request, { fingerprint, text, declaration, shipment, id, before, draft }, answer);
  }

  async function keep(
    { by, idempotency }: Reading,
    k: {
      fingerprint: Uint8Array;
      text: string;
      declaration: Declaration;
      shipment: Shipment;
      id: string;
      before: ShipmentRecord | undefined;
      draft: DraftWrite | undefined;
    },
    answer: Answer<DeclarationBody>,
  ): Promise<Answer<DeclarationBody>> {
    const draft = k.draft?.id ?? k.before?.draft;
    const act: Act = {
      ...(idempotency && { idempotency: { actor: by.pseudonym, ...idempotency, respond: () => answer } }),
      declarations: [
        { fingerprint: k.fingerprint, shipment: k.id, function: k.declaration.function, sealed: content.seal([k.text], shipmentRef(k.id)) },
      ],
      shipments: [
        {
          id: k.id,
          reference: referenceToken(k.shipment.reference),
          version: (k.before?.version ?? 0) + 1,
          state: k.shipment.state,
          direction: k.shipment.direction,
          sealed: content.seal([JSON.stringify(k.shipment)], shipmentRef(k.id)),
          ...(draft !== undefined && { draft }),
        },
      ],
      ...(k.draft && { drafts: [k.draft] }),
      access: [accessEntry(by, k.before ? 'ALTER' : 'COLLECT', { object: k.id })],
    };
    const { replayed } = await store.commit(act);
    return (replayed as Answer<DeclarationBody> | undefined) ?? answer;
  }

  /** The shipment that a message is about: by the customs authority's reference, else by the declarant's. */
  async function shipmentNamed({ mrn, lrn }: Declaration): Promise<ShipmentRecord | undefined> {
    for (const reference of [mrn, lrn]) {
      const found = reference === undefined ? undefined : await store.shipmentByReference(referenceToken(reference));
      if (found) return found;
    }
    return undefined;
  }

  function draftFor(
    shipment: Shipment,
    id: string,
    existing: string | undefined,
    by: Actor,
  ): { draft?: DraftWrite; open?: string[]; reasons: DeclarationBody['reasons'] } {
    if (existing !== undefined)
      return { reasons: [{ reason: 'a draft was made of this shipment before; its author decides what the change means for it' }] };
    const outcome: DraftOutcome = draftAlert(shipment, standardRules, { now: deps.now(), lang: 'en' });
    if (!outcome.draft) return { reasons: [{ reason: outcome.reason }] };
    const input = outcome.draft as unknown as DraftInput;
    const open = validateDraft(kindNamed(input.kind), input).filter((f) => f.level === 'open');
    return { draft: newDraft(deps, { input, addressees: [], source: id, by }), open: open.map((f) => f.pointer), reasons: [] };
  }

  const referenceToken = (reference: string): Uint8Array => content.token('declaration reference', reference);
  const openShipment = (record: ShipmentRecord): Shipment =>
    JSON.parse(content.open(record.sealed, shipmentRef(record.id))[0]!) as Shipment;
  return { read };
}

const outcomes = { new: 'new', amend: 'amended', cancel: 'cancelled' } as const;

function after(declaration: Declaration, before: Shipment | undefined): Shipment {
  if (declaration.function === 'new') {
    if (before) throw new Problem('conflict', 'another declaration with this reference is here already; a change comes as an amendment');
    return shipmentOf(declaration);
  }
  if (!before)
    throw new Problem('declaration_refused', `this message is to ${declaration.function} a declaration that was never lodged here`);
  return declaration.function === 'amend' ? applyAmendment(before, declaration) : cancelShipment(before, declaration);
}

function readable(bytes: Uint8Array): { text: string; declaration: Declaration } {
  return interpreted(() => {
    const text = decodeXml(bytes);
    return { text, declaration: readDeclaration(text) };
  });
}

/** Faults of form have codes of their own; everything else is a declaration that was understood and refused. */
const faults: Partial<Record<InteropCode, Code>> = {
  bad_encoding: 'bad_encoding',
  not_well_formed: 'malformed_xml',
  dtd_refused: 'malformed_xml',
  too_deep: 'too_deep',
  too_large: 'too_large',
};

function interpreted<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof InteropError)) throw error;
    const errors = error.line > 0 ? { errors: [{ pointer: `line ${error.line}, column ${error.column}`, message: error.message }] } : {};
    throw new Problem(faults[error.code] ?? 'declaration_refused', error.message, errors);
  }
}

const shown = (record: ShipmentRecord | undefined): Pick<DeclarationBody, 'shipment' | 'draft'> => ({
  ...(record && { shipment: record.id }),
  ...(record?.draft !== undefined && { draft: record.draft }),
});
