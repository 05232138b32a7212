/** The three agencies of the trial and what they have agreed. All parties are invented; real country codes are labels of roles only. */
import type { AgencyPlan } from './agency.js';
import type { AgreementPayload } from './agreement.js';

export const plans: AgencyPlan[] = [
  { name: 'nl-cus', id: 'https://nl-cus.example', title: 'Customs of the Netherlands (demo)', country: 'NL', type: 'CUS' },
  { name: 'de-lic', id: 'https://de-lic.example', title: 'Export licensing of Germany (demo)', country: 'DE', type: 'LIC' },
  { name: 'qm-cus', id: 'https://qm-cus.example', title: 'Customs of Merovia (invented)', country: 'QM', type: 'CUS' },
];

/** 1 January 2026 to 1 January 2036, UTC. */
const EFFECTIVE = 1_767_225_600;
const EXPIRES = 2_082_758_400;

const [customs, licensing, merovia] = plans.map((plan) => plan.id) as [string, string, string];
const everybody = [customs, licensing, merovia];
const terms = {
  purposes: ['CUSTOMS_CONTROL', 'CUSTOMS_OFFENCE_PREVENTION', 'LICENSING'],
  handling_ceiling: { tlp: 'AMBER+STRICT', classification: 'NONE' },
  retention_days: 365,
  onward: 'originator_consent',
} as const;

/** Licensing sees prices and end uses but no persons; Merovia sees persons but no commercial secrets. Alerts need a second officer, sightings none. Whoever holds something may ask whether it can be passed on. */
export const agreement: AgreementPayload = {
  id: 'urn:entente:agreement:trial-2026',
  // Version 1 knew no consents; it is replaced where an earlier trial has signed it.
  version: 2,
  title: 'Trial arrangement on the exchange of alerts',
  instrument: 'MOU-TRIAL',
  parties: everybody,
  effective: EFFECTIVE,
  expires: EXPIRES,
  grants: [
    { from: [customs], to: [licensing], kinds: ['alert', 'sighting'], classes: ['N0', 'N1', 'C1'], release: 'second_officer', ...terms },
    { from: [customs], to: [merovia], kinds: ['alert', 'sighting'], classes: ['N0', 'N1', 'P1'], release: 'second_officer', ...terms },
    { from: [licensing, merovia], to: [customs], kinds: ['sighting'], classes: ['N0', 'N1', 'P1'], release: 'automatic', ...terms },
    { from: [licensing, merovia], to: [customs], kinds: ['alert'], classes: ['N0', 'N1', 'P1', 'C1'], release: 'second_officer', ...terms },
    { from: everybody, to: everybody, kinds: ['consent_request', 'consent'], classes: ['N0', 'N1'], release: 'automatic', ...terms },
  ],
  grace_hours: 24,
};
