import t from 'tap';
import { openDirectory } from '../src/peers/directory.js';
import { peerId, selfId } from './world.js';

t.test('a look into the database that is overtaken by a later one does not bring back what was before', async (t) => {
  const looks: ((state: string) => void)[] = [];
  const store = {
    peers: () => new Promise((resolve) => looks.push((state) => resolve([{ id: peerId, state, keys: [], certificates: [] }]))),
    agreements: async () => [],
    ownKeys: async () => [],
  };
  const opening = openDirectory(store as never, selfId);
  looks[0]!('active');
  const directory = await opening;
  const earlier = directory.refresh();
  const later = directory.refresh();
  looks[2]!('removed');
  await later;
  looks[1]!('active');
  await earlier;
  t.equal(directory.peer(peerId)?.state, 'removed');
  t.same(directory.active(), []);
});
