/** RFC 9901: where the digests of hidden members and elements stand. */
export const digestsMember = '_sd';
export const digestElement = '...';
export const hashMember = '_sd_alg';
export const hashName = 'sha-256';

/** No member of a statement may have these names; `__proto__` would change what it is written into. */
export const reservedNames: ReadonlySet<string> = new Set([digestsMember, digestElement, hashMember, '__proto__']);

/** Limits of what travels beside one release (docs/protocol.md 3). */
export const maximumDisclosures = 4096;
export const maximumDisclosureBytes = 1024 * 1024;

export const statementTyp = 'statement+sd-jwt';
