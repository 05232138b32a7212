/** Reads server-sent events as a program does (WHATWG HTML section 9.2). */

export interface Heard {
  id: string;
  event: string;
  data: { peer: string; statement?: string; release?: string; kind?: string };
}

/** Until `enough`, or the stream ends. Resolves to all events and the last id. */
export async function listen(
  url: string,
  headers: Record<string, string>,
  enough: (heard: Heard[]) => boolean,
  ready: () => Promise<unknown> = async () => undefined,
): Promise<{ heard: Heard[]; lastId: string }> {
  const stop = new AbortController();
  const response = await fetch(url, { headers, signal: stop.signal });
  if (!response.ok) throw new Error(`${response.status} ${await response.text()}`);
  const heard: Heard[] = [];
  let lastId = '';
  const began = ready();
  const decoder = new TextDecoder();
  let text = '';
  try {
    for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>) {
      text += decoder.decode(chunk, { stream: true });
      const messages = text.split('\n\n');
      text = messages.pop()!;
      for (const message of messages) {
        const field = (name: string) => new RegExp(`^${name}: (.*)$`, 'm').exec(message)?.[1];
        lastId = field('id') ?? lastId;
        const event = field('event');
        if (event !== undefined) heard.push({ id: lastId, event, data: JSON.parse(field('data')!) });
      }
      if (enough(heard)) break;
    }
  } finally {
    stop.abort();
    await began;
  }
  return { heard, lastId };
}
