const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** Text for a page. Names and words come from the audited node: attacker-controlled. */
export const text = (value: string): string => value.replace(/[&<>"]/g, (character) => entities[character]!);
