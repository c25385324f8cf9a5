import { expect, test } from 'vitest';
import type { BrokerFrame, FrameKind } from './frames.js';
import { joinRecords } from './frames.js';
import { Peers } from './peers.js';

// Tests `Peers`, which receives the frames of other nodes. `heard` lists the records, `gaps` counts the reports.

function createPeers() {
  const state = { heard: [] as string[], gaps: 0 };
  const peers = new Peers({
    signedName: null,
    onRecord: (record) => state.heard.push(String(record)),
    onGap: () => {
      state.gaps += 1;
    },
    onGone: () => undefined,
    onMet: () => undefined,
    onUnproven: () => undefined,
  });
  const receive = (kind: FrameKind, number: number, body = '', from = 'node'): void => {
    const bytes = Buffer.from(body);
    const frame: BrokerFrame = {
      kind,
      from,
      number,
      body: kind === 'records' ? Buffer.concat(joinRecords([bytes])) : bytes,
    };
    peers.receive(frame);
  };
  return { state, receive };
}

test.each([
  ['heartbeat', 'beat'],
  ['publication', 'records'],
  ['end', 'end'],
] as const)('a %s with a far higher number silences no node, and is reported as a gap', (_, kind) => {
  const { state, receive } = createPeers();
  receive('records', 1, 'one');
  receive(kind, 2 ** 48 - 1, 'forged');
  expect(state).toEqual({ heard: ['one'], gaps: 1 });
  for (const number of [2, 3]) receive('records', number, `${number}`);
  expect(state).toEqual({ heard: ['one', '2', '3'], gaps: 1 });
});

test('a node whose numbers jumped is heard from its second frame on', () => {
  const { state, receive } = createPeers();
  const jumped = 2 ** 21;
  receive('records', 1, 'one');
  for (const number of [jumped, jumped + 1, jumped + 2]) receive('records', number, `${number}`);
  expect(state).toEqual({ heard: ['one', `${jumped + 1}`, `${jumped + 2}`], gaps: 1 });
});

test('a node is heard from its second frame on after its name was used with a higher number before it was known', () => {
  const { state, receive } = createPeers();
  receive('beat', 2 ** 48 - 1);
  for (const number of [5, 6, 7]) receive('records', number, `${number}`);
  expect(state.heard).toEqual(['6', '7']);
});

test('of a publication in parts, a lost middle part is a gap and nothing is delivered', () => {
  const { state, receive } = createPeers();
  receive('firstPart', 1, 'a');
  receive('part', 2, 'b');
  receive('lastPart', 4, 'd');
  expect(state).toEqual({ heard: [], gaps: 1 });
  receive('firstPart', 5, 'e');
  receive('lastPart', 6, 'f');
  expect(state).toEqual({ heard: ['ef'], gaps: 1 });
});
