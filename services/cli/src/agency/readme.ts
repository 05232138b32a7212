import { keyPlan } from './keys.js';
import { keyPath, layout } from './layout.js';
import { type Answers, settings } from './settings.js';

/** The README of an agency's folder: each file, each decided value, each in a sentence. */
export function readme(answers: Answers, thumbprint: string): string {
  return `# ${answers.name}: the folder of its Entente node

Made by \`entente init\` for ${answers.entity_id}.

Thumbprint of the federation key, to be told to partners by another channel than the one that carries \`${layout.entityConfiguration}\`:

    ${thumbprint}

## Files

${table(files(answers))}

Everything in \`secrets/\` and \`offline/\` is readable by its owner only. Nothing there belongs into a backup of the database: that content
stays unreadable without the key-encryption key is what makes erasure true. Back the two folders up apart from it.

**\`offline/\` should leave this machine now.** It holds the next federation key. If the present one is lost or stolen, the two together
introduce the new one to every partner at once; without it, each partner has to pin the agency again.

## Values of ${layout.configuration}

${table(values(answers))}

Also there: \`merge_delay_seconds\` (within which what is promised must stand under a published checkpoint, one hour) and
\`long_poll_seconds\` (for which a partner's question is held open until there is something to tell).
${answers.trial ? '\n**This is a trial**: the local issuer makes tokens for anybody who can read its key, and is refused when NODE_ENV is production.\n' : ''}
## First steps

    entente config check
    entente migrate
    entente serve
    entente peer add PARTNER.jwt --thumbprint THEIR_THUMBPRINT
    entente agreement sign AGREEMENT.json
    entente agreement load AGREEMENT.jws.json
`;
}

function files(answers: Answers): [string, string][] {
  return [
    [layout.configuration, 'the configuration; paths in it are relative to it'],
    [
      layout.entityConfiguration,
      'who the agency is, with its public keys, certificate and addresses, signed by itself: give it to partners',
    ],
    [layout.tlsCertificate, 'the TLS certificate, self-signed; partners pin it through the entity configuration'],
    ...Object.entries(keyPlan).map(([purpose, { alg, words }]): [string, string] => [keyPath(purpose), `${alg}; ${words}`]),
    [layout.tlsKey, 'private key of the certificate'],
    [layout.kek, 'key-encryption key: opens the stored content'],
    [layout.tokenKey, 'makes the tokens by which content can be searched without being read'],
    [layout.databaseUrl, 'address of the database for the role that serves'],
    [layout.databaseOwnerUrl, 'address of the database for the role that migrates'],
    ...(answers.trial ? ([[layout.localIssuerKey, 'signs tokens of the local issuer']] as [string, string][]) : []),
    [layout.nextFederationKey, 'the next federation key; its thumbprint is published already'],
  ];
}

function values(answers: Answers): [string, string][] {
  return settings.map(({ member, explanation }) => [`${member}: ${answers[member] ?? 'not set'}`, explanation]);
}

function table(rows: [string, string][]): string {
  return rows.map(([name, words]) => `- \`${name}\`: ${words}`).join('\n');
}
