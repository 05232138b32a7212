// The two invented agencies of docker-compose.yml, and what they have agreed.
const customs = 'https://nl-cus.example';
const licensing = 'https://de-lic.example';

/** `name` is the service, its host name among the partners and its folder; `port` is where officers reach it on this machine. */
export const agencies = [
  { name: 'nl-cus', entity_id: customs, title: 'Customs of the Netherlands (demo)', country: 'NL', type: 'CUS', port: 18080 },
  { name: 'de-lic', entity_id: licensing, title: 'Export licensing of Germany (demo)', country: 'DE', type: 'LIC', port: 18081 },
];

const terms = {
  purposes: ['CUSTOMS_CONTROL', 'CUSTOMS_OFFENCE_PREVENTION', 'LICENSING'],
  handling_ceiling: { tlp: 'AMBER+STRICT', classification: 'NONE' },
  retention_days: 365,
  onward: 'originator_consent',
};

/** @param {number} now seconds */
export const agreement = (now) => ({
  id: 'urn:entente:agreement:containers',
  version: 1,
  title: 'Trial arrangement between two agencies in containers',
  instrument: 'MOU-TRIAL',
  parties: [customs, licensing],
  effective: now,
  expires: now + 365 * 86_400,
  grants: [
    { from: [customs], to: [licensing], kinds: ['alert', 'sighting'], classes: ['N0', 'N1', 'C1'], release: 'second_officer', ...terms },
    { from: [licensing], to: [customs], kinds: ['sighting'], classes: ['N0', 'N1'], release: 'automatic', ...terms },
  ],
  grace_hours: 24,
});
