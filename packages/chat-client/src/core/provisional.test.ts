import { describe, expect, it } from 'vitest';
import { ChatCore, type StoredCore } from './chat-core.js';
import type { DraftWrite } from './draft-writes.js';
import type { OutboxItem, OutboxWrite } from './outbox.js';
import { provisionalOf } from './provisional.js';
import type { OutgoingRequest } from './request-queue.js';
import { entryOf } from './test-wire.js';

// Tests provisional conversations: a direct conversation that exists only on this device, until its first message
// creates it on the server.

const peer = 2;
const provisional = provisionalOf(peer);
const create = { command: 'createDirect', id: 'create', peer, begins: 'message' } as const;
const send = (id: string) => ({ command: 'send', id, conversation: provisional, text: id }) as const;
/** The entry of the conversation once it is created. */
const direct = entryOf({
  conversation: 9,
  kind: 'direct',
  dismissed: true,
  peer: { user: peer, shown: 0, shownAt: 0, delivered: 0, deliveredAt: 0 },
});

/** A connected core. @param stored what the device stored before */
function connected(stored: StoredCore | null = null): ChatCore {
  const core = new ChatCore({ me: 1, stored });
  core.connected();
  return core;
}

const commands = (requests: readonly OutgoingRequest[]) =>
  requests.flatMap(({ request }) =>
    request.command === 'createDirect' || request.command === 'send' ? [request] : [],
  );
const tokenOf = (requests: readonly OutgoingRequest[], command: string): number =>
  requests.find(({ request }) => request.command === command)?.token ?? -1;
/** Text and state of the messages in the provisional conversation. */
const waiting = (core: ChatCore) =>
  core
    .timeline(core.directs.at(provisional))
    .rows.flatMap((row) => (row.type === 'message' ? [[row.text, row.receipt?.state]] : []));

/** Returns the stored state after these writes. */
function storedAfter(writes: readonly OutboxWrite[], drafts: readonly DraftWrite[]): StoredCore {
  const items = new Map<string, OutboxItem>();
  for (const write of writes) {
    if (write.write === 'keep') items.set(write.item.command.id, write.item);
    else items.delete(write.id);
  }
  const texts = drafts.flatMap((write) => (write.write === 'keep' ? [write.draft] : []));
  return { sync: null, outbox: [...items.values()], drafts: texts };
}

describe('a conversation before its first message', () => {
  it('[CH-42] a provisional conversation is in no list and sends nothing, whatever its composer contains', () => {
    const core = connected();
    core.takeRequests();
    core.open(provisional);
    core.setDraft(provisional, 'hello');
    core.tick(5);
    expect(core.takeRequests().filter(({ request }) => request.command !== 'watch')).toEqual([]);
    expect(core.entries()).toEqual([]);
    expect(core.timeline(core.directs.at(provisional))).toMatchObject({ rows: [], loading: false, atStart: true });
    expect([core.directs.of(peer), core.provisional(provisional).draft, core.unsent().drafts]).toEqual([
      -2,
      'hello',
      1,
    ]);
  });

  it('the draft of a provisional conversation is stored until it becomes a message', () => {
    const core = connected();
    core.setDraft(provisional, 'hello');
    const again = connected(storedAfter([], core.takeDraftWrites()));
    expect(again.draft(provisional)).toBe('hello');
    again.enqueue(create, 0);
    again.enqueue(send('hello'), 0);
    expect([again.draft(provisional), storedAfter([], again.takeDraftWrites()).drafts]).toEqual(['', []]);
  });

  it('[CH-42] a provisional conversation is created before its messages are sent, in order', () => {
    const core = connected();
    core.open(provisional);
    expect(core.directs.awaitsCreation(provisional)).toBe(peer);
    core.enqueue(create, 0);
    core.enqueue(send('one'), 0);
    expect(core.directs.awaitsCreation(provisional)).toBeNull();
    core.enqueue(send('two'), 0);
    const requests = core.takeRequests();
    expect(commands(requests)).toEqual([create]);
    expect(core.entries().map(({ entry, pending }) => [entry.conversation, pending?.command.id])).toEqual([
      [-2, 'two'],
    ]);
    core.answered(tokenOf(requests, 'createDirect'), { conversation: 9, epoch: 'e' });
    const next = core.takeRequests();
    expect(commands(next)).toEqual([{ ...send('one'), conversation: 9 }]);
    expect(next.map(({ request }) => request.command)).toContain('entry');
    expect(waiting(core)).toEqual([
      ['one', 'sending'],
      ['two', 'sending'],
    ]);
  });

  it('commands of a provisional conversation keep their ids across a reload at any moment', () => {
    const core = connected();
    core.enqueue(create, 0);
    core.enqueue(send('one'), 0);
    const before = core.takeWrites();
    const reloaded = connected(storedAfter(before, []));
    const requests = reloaded.takeRequests();
    expect(commands(requests)).toEqual([create]);
    reloaded.answered(tokenOf(requests, 'createDirect'), { conversation: 9, epoch: 'e' });
    const created = storedAfter([...before, ...reloaded.takeWrites()], []);
    expect(commands(connected(created).takeRequests())).toEqual([{ ...send('one'), conversation: 9 }]);
  });

  it('a provisional conversation becomes the one that the peer created meanwhile, with the text written here', () => {
    const core = connected();
    core.open(provisional);
    core.setDraft(provisional, 'typed');
    const requests = core.takeRequests();
    const entry = { ...direct, dismissed: false };
    const list = { outcome: 'reset', epoch: 'e', cursor: 'c', entries: [entry], more: false } as const;
    core.answered(tokenOf(requests, 'list'), list);
    expect([core.directs.of(peer), core.draft(9), core.draft(provisional)]).toEqual([9, 'typed', '']);
    core.enqueue(send('typed'), 0);
    expect(commands(core.takeRequests())).toEqual([expect.objectContaining({ conversation: 9, text: 'typed' })]);
  });

  it('a provisional conversation shows a dismissed one, which stays dismissed until a message', () => {
    const core = connected();
    core.open(provisional);
    core.directs.learn(peer, 9);
    const requests = core.takeRequests();
    core.answered(tokenOf(requests, 'entry'), { epoch: 'e', entry: direct });
    expect([core.directs.of(peer), core.entries()]).toEqual([-2, []]);
    expect(core.takeRequests().map(({ request }) => request.command)).toContain('page');
    core.answered(tokenOf(requests, 'watch'), {});
    core.takeRequests();
    core.close(provisional);
    expect(core.takeRequests().map(({ request }) => request)).toContainEqual({ command: 'watch', conversations: [] });
  });

  it('messages of a provisional conversation fail if its creation is refused, and a retry creates it', () => {
    const core = connected();
    core.open(provisional);
    core.enqueue(create, 0);
    core.enqueue(send('one'), 0);
    core.refused(tokenOf(core.takeRequests(), 'createDirect'), 'blocked', false);
    expect(waiting(core)).toEqual([['one', 'failed']]);
    expect(core.takeOutcomes().map(({ outcome, command }) => [outcome, command.id])).toEqual([
      ['failed', 'create'],
      ['failed', 'one'],
    ]);
    expect(core.directs.awaitsCreation(provisional)).toBe(peer);
    core.enqueue({ ...create, id: 'again' }, 1);
    core.retry('one', 1);
    expect(commands(core.takeRequests())).toEqual([{ ...create, id: 'again' }]);
  });
});
