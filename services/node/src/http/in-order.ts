/** Works on several items at once and answers in their order, each as soon as all before it are answered. */

export interface Window {
  /** Items that are worked on, or wait to be answered, at any time. */
  items: number;
  /** Together no heavier than this, one item excepted. */
  weight: number;
}

/** `work` never rejects. What is not taken from this generator is not taken from `items` either, beyond the window. */
export async function* inOrder<T, R>(
  items: AsyncIterator<T>,
  window: Window,
  weightOf: (item: T) => number,
  work: (item: T) => Promise<R>,
): AsyncGenerator<R> {
  const under: { result: Promise<R>; weight: number }[] = [];
  let weight = 0;
  let coming: Promise<IteratorResult<T>> | undefined = items.next();
  const isOpen = () => under.length < window.items && (under.length === 0 || weight < window.weight);

  while (coming !== undefined || under.length > 0) {
    const first = under[0];
    const came: IteratorResult<T> | undefined =
      coming !== undefined && isOpen() ? await Promise.race([coming, ...(first ? [first.result.then(() => undefined)] : [])]) : undefined;
    if (came === undefined) {
      yield await first!.result;
      weight -= under.shift()!.weight;
    } else if (came.done) {
      coming = undefined;
    } else {
      const heavy = weightOf(came.value);
      under.push({ result: work(came.value), weight: heavy });
      weight += heavy;
      coming = items.next();
    }
  }
}
