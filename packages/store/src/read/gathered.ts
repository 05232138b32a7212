const most = 500;

interface Waiting<K, R> {
  key: K;
  resolve: (found: R | undefined) => void;
  reject: (error: unknown) => void;
}

/**
 * Answers single questions that are asked in the same turn of the event loop by one query: who judges five hundred releases at once asks
 * once and not five hundred times.
 *
 * @param read what there is of the keys, by `nameOf` of each
 */
export function gathered<K, R>(
  nameOf: (key: K) => string,
  read: (keys: K[]) => Promise<Map<string, R>>,
): (key: K) => Promise<R | undefined> {
  let waiting: Waiting<K, R>[] = [];

  async function ask(questions: Waiting<K, R>[]): Promise<void> {
    try {
      const found = await read(questions.map(({ key }) => key));
      for (const { key, resolve } of questions) resolve(found.get(nameOf(key)));
    } catch (error) {
      for (const { reject } of questions) reject(error);
    }
  }

  function flush(): void {
    const all = waiting;
    waiting = [];
    for (let at = 0; at < all.length; at += most) void ask(all.slice(at, at + most));
  }

  return (key) =>
    new Promise((resolve, reject) => {
      if (waiting.length === 0) setImmediate(flush);
      waiting.push({ key, resolve, reject });
    });
}
