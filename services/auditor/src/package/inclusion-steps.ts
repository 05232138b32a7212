/** The neighbours of a leaf on the way to the root, and on which side each stands. */
export interface Step {
  side: 'left' | 'right';
  /** Base64. */
  hash: string;
}

/** How to hash from a leaf to the root: RFC 9162 section 2.1.3.2, as a list. */
export function inclusionSteps(index: number, size: number, proof: readonly Uint8Array[]): Step[] {
  let [node, last] = [index, size - 1];
  return proof.map((neighbour) => {
    const hash = Buffer.from(neighbour).toString('base64');
    const isRight = node % 2 === 1 || node === last;
    if (isRight && node % 2 === 0) while (node % 2 === 0 && node !== 0) [node, last] = [Math.floor(node / 2), Math.floor(last / 2)];
    [node, last] = [Math.floor(node / 2), Math.floor(last / 2)];
    return { side: isRight ? 'left' : 'right', hash };
  });
}
