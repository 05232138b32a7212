/** The line on which partners reach one agency: passes bytes without reading them, and does to them what bad lines do. */
import { connect, createServer, type Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import type { Wire } from '../wire.js';

export interface RoughLine extends Wire {
  /** Everything goes on so many milliseconds late; 0 ends it. */
  delay(milliseconds: number): void;
  /** One end of every connection is told that nothing more comes, the other is not. */
  halfClose(): void;
  /** The next bytes of every connection come twice, as from equipment that repeats what it believes lost. */
  repeat(): void;
}

interface Passage {
  from: Socket;
  to: Socket;
  repeated: boolean;
}

export async function roughLine(options: { at: number; node: number }): Promise<RoughLine> {
  const open = new Set<Passage>();
  let late = 0;
  const listener = createServer((inward) => {
    const onward = connect({ host: '127.0.0.1', port: options.node });
    pass(inward, onward);
    pass(onward, inward);
  });
  await new Promise<void>((resolve, reject) => listener.once('error', reject).listen(options.at, '127.0.0.1', resolve));

  function pass(from: Socket, to: Socket): void {
    const passage: Passage = { from, to, repeated: false };
    open.add(passage);
    let sent = Promise.resolve();
    from.on('data', (bytes: Buffer) => {
      from.pause();
      sent = sent.then(() => carry(passage, bytes)).then(() => void from.resume());
    });
    from.on('end', () => void sent.then(() => to.end()));
    from.on('error', () => to.destroy());
    from.on('close', () => {
      open.delete(passage);
      void sent.then(() => to.destroy());
    });
  }

  async function carry(passage: Passage, bytes: Buffer): Promise<void> {
    if (late > 0) await pause(late);
    const times = passage.repeated ? 2 : 1;
    passage.repeated = false;
    for (let i = 0; i < times; i++)
      if (!passage.to.destroyed && passage.to.writable) await new Promise<void>((resolve) => passage.to.write(bytes, () => resolve()));
  }

  const cut = () => {
    for (const { from } of open) from.destroy();
  };
  return {
    cut,
    delay: (milliseconds) => {
      late = milliseconds;
    },
    halfClose: () => {
      for (const { to } of open) to.end();
    },
    repeat: () => {
      for (const passage of open) passage.repeated = true;
    },
    sentTo: sealed,
    receivedFrom: sealed,
    [Symbol.asyncDispose]: async () => {
      late = 0;
      cut();
      await new Promise((resolve) => listener.close(resolve));
    },
  };
}

const sealed = (): never => {
  throw new Error('what passes on this line is not looked at');
};
