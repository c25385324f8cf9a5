import { afterEach, expect, test } from 'vitest';
import { TestPlace } from './test-place.js';

const places: TestPlace[] = [];
afterEach(async () => {
  for (const place of places.splice(0)) await place.stop();
});

async function start(options?: Parameters<typeof TestPlace.start>[0]): Promise<TestPlace> {
  const place = await TestPlace.start(options);
  places.push(place);
  return place;
}

test('[CH-1] two people talk: the answer comes after the commit, the other is told the row', async () => {
  const place = await start();
  const [ada, bob] = [await place.register('ada'), await place.register('bob')];
  const [a, b] = [await place.connect(ada), await place.connect(bob)];
  const { conversation } = await a.ok({ command: 'createDirect', peer: bob.id });
  const sent = await a.ok({ command: 'send', conversation, text: 'hello' });
  const event = await b.event('commit', ({ row }) => row?.body.kind === 'text');
  expect(event).toMatchObject({ conversation, row: { id: sent.id, sender: ada.id, body: { text: 'hello' } } });
  const page = await b.ok({ command: 'page', conversation, anchor: { at: 'end' }, limit: 30, check: null });
  expect(page).toMatchObject({ outcome: 'page', rows: [{ sequence: 1 }, { sequence: sent.sequence, id: sent.id }] });
  const list = await b.ok({ command: 'list', cursor: null });
  expect(list.entries).toMatchObject([{ conversation, unread: 1, peer: { user: ada.id } }]);
  expect(place.lines.filter((line) => line.includes('failed'))).toEqual([]);
});
