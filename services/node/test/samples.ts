/** One good request per operation of the API, for the matrix of bad ones: the role that may ask, and what it sends. */
import { kinds } from '@entente/statement';
import { peerId } from './world.js';

export interface Sample {
  role: string;
  path?: Record<string, string>;
  query?: string;
  body?: object;
}

const digest = 'A'.repeat(43);
const id = '0196f3a2-7c1e-7d3a-9f00-5b8e0c6a1d42';
export const alert = kinds.get('alert')!.example;

const scope = { fields: ['/body/title'], classes: ['N0'], purposes: ['CUSTOMS_CONTROL'], until: '2033-06-01T00:00:00Z' };

const reader = { role: 'ANALYST' };
const auditor = { role: 'AUDITOR' };
const administrator = { role: 'ADMIN' };

export const samples: Record<string, Sample> = {
  postStatement: { role: 'ANALYST', body: { statement: alert, addressees: [peerId] } },
  listStatements: { ...reader, query: 'kind=alert&own=true&limit=10' },
  postStatements: { role: 'ANALYST' },
  exportStatements: { ...reader, body: { format: 'ndjson', kind: 'alert', own: true } },
  releaseStatement: { role: 'RELEASER', path: { digest }, body: { addressees: [peerId], reason: 'It is needed there now.' } },
  searchStatements: { ...reader, body: { words: ['fibre'], kinds: ['alert'] } },
  getThread: { ...reader, path: { digest } },
  createWatch: { ...reader, body: { name: 'Spring', words: ['fibre'] } },
  listWatches: { ...reader, query: 'limit=10' },
  listWatchHits: { ...reader, path: { id } },
  replaceWatch: { ...reader, path: { id }, body: { name: 'Spring', words: ['fibre'] } },
  removeWatch: { ...reader, path: { id } },
  getStatement: { ...reader, path: { digest } },
  getStatementContent: { ...reader, path: { digest } },
  listReleases: { ...reader, path: { digest } },
  previewStatement: { role: 'ANALYST', body: { statement: alert, addressees: [peerId] } },
  createDraft: { role: 'ANALYST', body: { statement: { kind: 'alert' } } },
  listDrafts: { ...reader, query: 'state=submitted' },
  getDraft: { ...reader, path: { id } },
  replaceDraft: { role: 'ANALYST', path: { id }, body: { statement: { kind: 'alert' }, addressees: [peerId] } },
  discardDraft: { role: 'ANALYST', path: { id } },
  previewDraft: { ...reader, path: { id }, query: `addressee=${encodeURIComponent(peerId)}` },
  submitDraft: { role: 'ANALYST', path: { id }, body: { addressees: [peerId] } },
  releaseDraft: { role: 'RELEASER', path: { id }, body: { checklist: [], reason: 'It is needed there.' } },
  rejectDraft: { role: 'RELEASER', path: { id }, body: { reason: 'The grading is missing.' } },
  releaseDraftAlone: { role: 'CONTACT_POINT_24_7', path: { id }, body: { checklist: [], reason: 'The ship sails tonight.' } },
  listSingleReleases: { ...reader, query: 'state=undecided&limit=10' },
  getSingleRelease: { ...reader, path: { digest } },
  confirmSingleRelease: { role: 'RELEASER', path: { digest }, body: { checklist: [], reason: 'It is as he says.' } },
  rejectSingleRelease: { role: 'RELEASER', path: { digest }, body: { reason: 'Another container is meant.' } },
  postDeclaration: { role: 'ANALYST' },
  listShipments: reader,
  getShipment: { ...reader, path: { id } },
  putAttachment: { role: 'ANALYST', path: { sha256: digest } },
  listAttachments: { ...reader, path: { digest } },
  getAttachment: { ...reader, path: { digest, sha256: digest } },
  requestConsent: {
    role: 'ANALYST',
    body: { statement: digest, to_whom: [peerId], why: 'It concerns them.', scope, reply_by: '2033-05-30T00:00:00Z' },
  },
  listConsentRequests: { ...reader, query: 'own=true&limit=10' },
  decideOnConsent: { role: 'ANALYST', path: { digest }, body: { decision: 'REFUSED', refusal: 'RG02' } },
  withdrawConsent: { role: 'ANALYST', path: { digest } },
  passOn: { role: 'RELEASER', body: { statement: digest, addressees: [peerId], reason: 'The originator has consented.' } },
  recallStatement: { role: 'ANALYST', path: { digest }, body: { reason: 'FACTUALLY_WRONG', effect: 'ERASE' } },
  correctStatement: {
    role: 'ANALYST',
    path: { digest },
    body: { reason: 'FACTUALLY_WRONG', changes: [{ field: '/body/title', value: 'Fibre' }] },
  },
  listRecalls: { ...reader, query: 'own=true&limit=10' },
  getRecall: { ...reader, path: { digest } },
  executeRecall: { role: 'RELEASER', path: { digest } },
  exceptRecall: {
    role: 'RELEASER',
    path: { digest },
    body: { instrument: 'NAT-QM', provision: 'Code of criminal procedure, section 12', kept_until: '2033-06-01T00:00:00Z' },
  },
  registerSubjectRequest: {
    role: 'DPO',
    body: {
      right: 'ACCESS',
      channel: 'LETTER',
      identity: 'UNCHECKED',
      subject: { names: ['Jana Muster'] },
      asks: 'What is held about me?',
    },
  },
  listSubjectRequests: { role: 'DPO', query: 'state=open&due_within_days=7&limit=10' },
  getSubjectRequest: { role: 'DPO', path: { id } },
  identifySubject: { role: 'DPO', path: { id }, body: { identity: 'CHECKED', note: 'Passport seen' } },
  extendSubjectRequest: { role: 'DPO', path: { id }, body: { reason: 'Three originators are asked.' } },
  searchForSubject: { role: 'DPO', path: { id } },
  compareSubjectFinding: { role: 'DPO', path: { id, digest }, body: { concerns: true } },
  referSubjectRequest: { role: 'DPO', path: { id, digest }, body: { reply_by: '2033-06-01T00:00:00Z' } },
  composeSubjectAnswer: { role: 'DPO', path: { id }, body: { outcome: 'GRANTED', text: 'This is held.', discloses: [digest] } },
  confirmSubjectAnswer: { role: 'HEAD', path: { id } },
  listAnswers: { ...reader, query: 'own=true' },
  listRetentionDue: { ...reader, query: 'limit=10' },
  getHold: { ...reader, path: { digest } },
  placeHold: { role: 'CASE_OFFICER', path: { digest }, body: { reason: 'Evidence in proceedings 2031-17' } },
  liftHold: { role: 'CASE_OFFICER', path: { digest } },
  listErasures: { ...reader, path: { digest } },
  moveHorizon: administrator,
  listInbox: { ...reader, query: 'state=new' },
  getInboxItem: { ...reader, path: { release: digest } },
  markSeen: { ...reader, path: { release: digest } },
  takeRelease: { ...reader, path: { release: digest } },
  listQuarantine: administrator,
  retryQuarantine: { ...administrator, path: { release: digest } },
  listDeadLetters: administrator,
  retryDeadLetter: { ...administrator, path: { release: digest } },
  listFeeds: administrator,
  listExpiries: administrator,
  getWitnessing: administrator,
  listenEvents: { ...administrator, query: 'event=inbox.new' },
  listWebhooks: administrator,
  createWebhook: { ...administrator, body: { url: 'https://risk.customs.example/entente', events: ['inbox.new'] } },
  getWebhook: { ...administrator, path: { id } },
  changeWebhook: { ...administrator, path: { id }, body: { state: 'paused' } },
  removeWebhook: { ...administrator, path: { id } },
  listKinds: reader,
  getKindSchema: { ...reader, path: { kind: 'alert' } },
  getCodeList: { ...reader, path: { id: 'purpose' } },
  listPeers: reader,
  listAgreements: reader,
  addPeer: { ...administrator, body: { configuration: 'eyJhbGciOiJFUzI1NiJ9.e30.AAAA', thumbprint: digest } },
  changePeer: { ...administrator, path: { id: peerId }, body: { state: 'suspended' } },
  removePeer: { ...administrator, path: { id: peerId } },
  addAgreement: { ...administrator, body: { payload: 'e30', signatures: [{ protected: 'e30', signature: 'AAAA' }] } },
  draftAgreement: { ...administrator, body: { agreement: { id: 'urn:demo', version: 1 } } },
  takeAgreementStep: { ...administrator, path: { digest }, body: { step: 'countersign' } },
  auditConfiguration: auditor,
  auditCheckpoint: { ...auditor, query: 'log=exchange' },
  auditCutCheckpoint: { ...auditor, query: 'log=access' },
  auditCheckpoints: { ...auditor, query: 'from=0&limit=10' },
  auditAccessRoots: { ...auditor, query: 'from=0&limit=10' },
  auditEpochs: auditor,
  auditCompleteness: { ...auditor, query: `peer=${encodeURIComponent(peerId)}` },
  auditPeerCheckpoints: auditor,
  auditTlogCheckpoint: { ...auditor, path: { log: 'exchange' } },
  auditTlogTile: { ...auditor, path: { log: 'exchange', path: '0/000' } },
  auditTlogProof: { ...auditor, path: { log: 'exchange' }, query: 'index=0' },
  auditEntries: { ...auditor, query: 'from=0&limit=10' },
  auditAccess: auditor,
  auditStatements: auditor,
  auditTrail: { ...auditor, path: { digest } },
  auditReleases: auditor,
  auditReceipts: auditor,
  auditPages: { ...auditor, query: `peer=${encodeURIComponent(peerId)}&direction=in` },
  auditVoids: { ...auditor, query: `peer=${encodeURIComponent(peerId)}` },
  auditInclusion: { ...auditor, query: 'position=0&size=1' },
  auditConsistency: { ...auditor, query: 'from=0&to=1' },
};

/** Roles that may do nothing with content: they stand for everybody who may not ask. */
export const strangerTo = (role: string): string => (role === 'ADMIN' ? 'AUDITOR' : 'ADMIN');
