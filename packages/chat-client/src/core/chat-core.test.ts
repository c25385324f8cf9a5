// Over 300 lines: the cases of one class share their setup.
import type { Answers } from '@everywire/chat';
import { describe, expect, it } from 'vitest';
import { ChatCore, type StoredCore } from './chat-core.js';
import type { ClientRequest } from './request-queue.js';
import { entryOf, newRow, pageOf, rowAt } from './test-wire.js';

// Tests `ChatCore`, the logic of a chat client without input and output. Its requests are taken and answered by the
// test, which plays the server. `entryOf`, `pageOf`, `rowAt` and `newRow` (from test-wire) create data of a server: an
// entry of the conversation list, a page of messages, one message, and the event of a new message.

type Name = ClientRequest['command'];

/** A core whose requests the test answers. */
class Bench {
  readonly core: ChatCore;
  /** Requests in flight, which the test has not answered. */
  #inFlight: { readonly token: number; readonly request: ClientRequest }[] = [];

  constructor(stored: StoredCore | null = null) {
    this.core = new ChatCore({ me: 1, stored });
  }

  /** Returns the names of all requests in flight, including new ones. */
  requests(): readonly Name[] {
    this.#inFlight.push(...this.core.takeRequests());
    return this.#inFlight.map(({ request }) => request.command);
  }

  /** Returns the conversations of each `watch` in flight. */
  watched(): readonly (readonly number[])[] {
    this.requests();
    return this.#inFlight.flatMap(({ request }) => (request.command === 'watch' ? [request.conversations] : []));
  }

  /** Returns a request in flight, and removes it. The test answers it, or never does. */
  take<Command extends Name>(
    command: Command,
  ): { readonly token: number; readonly request: Extract<ClientRequest, { command: Command }> } {
    this.requests();
    const index = this.#inFlight.findIndex(({ request }) => request.command === command);
    const [found] = this.#inFlight.splice(index, index < 0 ? 0 : 1);
    if (found === undefined) throw new Error(`${command} is not asked, but ${this.requests()}`);
    return found as never;
  }

  /** Answers a request with success. */
  answer<Command extends Name>(command: Command, ok: Answers[Command]): void {
    this.core.answered(this.take(command).token, ok as Answers[keyof Answers]);
  }

  /** Makes a connected core with its list answered and conversation 7 open with all its ten rows. */
  static opened(): Bench {
    const bench = new Bench();
    bench.core.connected();
    bench.answer('list', { outcome: 'reset', epoch: 'e', cursor: 'c1', entries: [entryOf()], more: false });
    bench.core.open(7);
    bench.answer('page', pageOf(1, 10, { sequence: 10, modification: 0 }));
    bench.answer('readers', { outcome: 'receipts', epoch: 'e', membersAt: 1, receipts: [] });
    while (bench.requests().includes('watch')) bench.answer('watch', {});
    return bench;
  }
}

/** A command that sends a message to conversation 7. */
const text = { command: 'send', id: 'mine', conversation: 7, text: 'hello' } as const;
/** The server's answer to it. */
const sent = { sequence: 11, id: 'id 11', sentAt: 7, ordinal: 11, modification: 0, epoch: 'e' };
/** The keys of the rows in the timeline of conversation 7. The key of a message is its sender and its command id. */
const keys = (core: ChatCore): readonly string[] => core.timeline(7).rows.map((row) => row.key);

describe('ChatCore', () => {
  it('[CH-12] [pain 2] the core requests the list when a session opens, and nothing before', () => {
    const bench = new Bench();
    bench.core.open(7);
    expect([bench.requests(), bench.core.empty]).toEqual([[], true]);
    bench.core.connected();
    expect(bench.take('list').request).toEqual({ command: 'list', cursor: null });
    expect(bench.requests()).toEqual(['entry', 'watch']);
  });

  it.each([
    ['a conversation', (core: ChatCore) => core.open(9), (core: ChatCore) => core.close(9)],
    ['a thread', (core: ChatCore) => core.openThread(9, 3), (core: ChatCore) => core.closeThread(9, 3)],
  ])('%s that is opened, closed and opened again before an answer arrives is watched', (_what, open, close) => {
    const bench = new Bench();
    bench.core.connected();
    open(bench.core);
    close(bench.core);
    open(bench.core);
    expect(bench.watched()).toEqual([[], [9], [], [9]]);
  });

  it('a refused watch is repeated: when a refusal may be temporary, and when an open conversation becomes visible', () => {
    const bench = Bench.opened();
    bench.core.open(9);
    bench.core.refused(bench.take('watch').token, 'rate_limited', true);
    bench.core.retryNow();
    bench.core.refused(bench.take('watch').token, 'not_found', false);
    bench.answer('entry', { epoch: 'e', entry: entryOf({ conversation: 9 }) });
    expect(bench.watched()).toEqual([[7, 9]]);
  });

  it('[CH-2] [pain 4] the core resumes from its cursor and requests what it lacks', () => {
    const bench = Bench.opened();
    bench.core.disconnected();
    bench.core.connected();
    const { token, request } = bench.take('list');
    expect(request.cursor).toBe('c1');
    const entry = entryOf({ sequence: 40, modification: 3, count: 40, unread: 30 });
    bench.core.answered(token, { outcome: 'changed', epoch: 'e', cursor: 'c2', entries: [entry], more: false });
    expect(bench.take('page').request).toMatchObject({ anchor: { at: 'end' }, check: { sequence: 10 } });
    expect(bench.take('changes').request).toMatchObject({ since: 0 });
  });

  it('[CH-1.2] [pain 1] an echo appears immediately and is replaced in place when acknowledged', () => {
    const bench = Bench.opened();
    bench.core.enqueue(text, 5);
    expect(bench.core.timeline(7).rows.at(-1)).toMatchObject({
      key: '1-mine',
      sequence: null,
      receipt: { state: 'sending' },
    });
    expect(bench.core.entries()[0]?.pending?.command).toMatchObject(text);
    const before = keys(bench.core);
    bench.answer('send', sent);
    expect(keys(bench.core)).toEqual(before);
    expect(bench.core.timeline(7).rows.at(-1)).toMatchObject({
      key: '1-mine',
      sequence: 11,
      receipt: { state: 'sent' },
    });
    expect(bench.core.takeOutcomes()).toMatchObject([{ outcome: 'done', command: text }]);
    expect(bench.core.entries()[0]?.pending).toBeNull();
  });

  it('[CH-1.2] [pain 1] a message appears once if its event overtakes the acknowledgement', () => {
    const bench = Bench.opened();
    bench.core.enqueue(text, 5);
    const row = rowAt(11, { sender: 1, commandId: 'mine' });
    bench.core.applyEvent(newRow(11, 0, row), 6);
    expect(keys(bench.core).filter((key) => key === '1-mine')).toHaveLength(1);
    bench.answer('send', sent);
    expect(keys(bench.core).filter((key) => key === '1-mine')).toHaveLength(1);
  });

  it('[CH-1.2] [pain 1] a command is retried with the same id after a lost connection and after a reload', () => {
    const bench = Bench.opened();
    bench.core.enqueue(text, 5);
    const { token } = bench.take('send');
    bench.core.disconnected();
    bench.core.answered(token, sent);
    expect(bench.core.timeline(7).rows.at(-1)).toMatchObject({ receipt: { state: 'waiting' } });
    const outbox = bench.core.takeWrites().flatMap((write) => (write.write === 'keep' ? [write.item] : []));
    const again = new Bench({ sync: bench.core.store(), outbox, drafts: [] });
    expect(again.core.entries()).toHaveLength(1);
    again.core.connected();
    expect(again.take('send').request).toEqual({ ...text, draft: 0 });
  });

  it('a refused message is kept for the user, and the failure of any other command is reported to its caller', () => {
    const bench = Bench.opened();
    bench.core.enqueue(text, 5);
    bench.core.refused(bench.take('send').token, 'not_member', false);
    expect(bench.core.timeline(7).rows.at(-1)).toMatchObject({ receipt: { state: 'failed', code: 'not_member' } });
    expect(bench.core.discard('mine')?.command).toMatchObject(text);
    bench.core.enqueue({ command: 'rename', id: 'r', conversation: 7, name: 'x' }, 5);
    bench.core.refused(bench.take('rename').token, 'denied', false);
    expect(bench.core.takeOutcomes()).toMatchObject([
      { outcome: 'failed', code: 'not_member' },
      { outcome: 'failed', code: 'denied' },
    ]);
    expect(bench.core.discard('r')).toBeNull();
  });

  it('a request that was refused for good is not retried', () => {
    const bench = new Bench();
    bench.core.connected();
    bench.core.refused(bench.take('list').token, 'denied', false);
    expect(bench.core.stalled).toBe(false);
    bench.core.retryNow();
    expect(bench.requests()).not.toContain('list');
  });

  it('a request with a retryable refusal waits for `retryNow`', () => {
    const bench = Bench.opened();
    bench.core.resume();
    bench.core.enqueue(text, 5);
    for (const command of ['list', 'send'] as const) bench.core.refused(bench.take(command).token, 'busy', true);
    expect([bench.core.stalled, bench.requests().includes('send')]).toEqual([true, false]);
    bench.core.retryNow();
    expect([bench.core.stalled, bench.requests().includes('list'), bench.requests().includes('send')]).toEqual([
      false,
      true,
      true,
    ]);
  });

  it('[CH-21.3] a read cursor of a thread is sent once, and only if it has unread replies', () => {
    const bench = new Bench();
    bench.core.connected();
    const entry = entryOf({ threads: [{ root: 3, unread: 1, mentions: 0 }], threadsUnread: 1 });
    bench.answer('list', { outcome: 'reset', epoch: 'e', cursor: 'c1', entries: [entry], more: false });
    for (const root of [3, 4]) {
      bench.core.openThread(7, root);
      const rows = [rowAt(root + 4, { thread: { root, ordinal: 1 } })];
      const page = { ...pageOf(1, 10, { sequence: 10, modification: 0 }), rows };
      while (bench.requests().includes('page')) bench.answer('page', page);
      bench.core.reading.markThreadRead(7, root);
    }
    bench.core.tick(10);
    expect(bench.take('read').request).toEqual({ command: 'read', conversation: 7, sequence: 10, thread: 3 });
    expect(bench.requests()).not.toContain('read');
    const entries = bench.core.entries();
    bench.core.reading.markThreadRead(7, 3);
    expect(bench.core.entries()).toBe(entries);
  });

  it('[CH-19.1] [pain 2] a read conversation shows no unread messages immediately, and the next tick sends the cursor', () => {
    const bench = Bench.opened();
    bench.core.applyEvent(newRow(11), 0);
    expect(bench.core.entries()[0]?.unread).toBe(1);
    bench.core.reading.markRead(7);
    expect([bench.core.entries()[0]?.unread, bench.core.due]).toEqual([0, true]);
    bench.core.applyEvent(newRow(12), 0);
    expect(bench.core.entries()[0]?.unread).toBe(1);
    bench.core.tick(10);
    expect(bench.take('read').request).toEqual({ command: 'read', conversation: 7, sequence: 11 });
  });

  it.each(['connected', 'offline'])(
    '[CH-28.5] a read cursor is sent before the mark that was set after it: %s',
    (how) => {
      const bench = Bench.opened();
      bench.core.applyEvent(newRow(11), 0);
      if (how === 'offline') bench.core.disconnected();
      bench.core.reading.markRead(7);
      bench.core.enqueue({ command: 'mark', id: 'unread', conversation: 7, marked: true }, 5);
      if (how === 'offline') bench.core.connected();
      const sent = bench.requests().filter((name) => name === 'read' || name === 'mark');
      bench.core.tick(10);
      expect([sent, bench.requests().filter((name) => name === 'read').length]).toEqual([['read', 'mark'], 1]);
    },
  );

  it('[CH-11.6] [CH-11.7] after a removal, the rows of the conversation are dropped and its outbox is kept', () => {
    const bench = Bench.opened();
    bench.core.disconnected();
    bench.core.enqueue(text, 5);
    bench.core.connected();
    const gone = entryOf({ sequence: 11, revision: 2, member: false, ended: 'removed', preview: null, unread: 0 });
    bench.answer('list', { outcome: 'changed', epoch: 'e', cursor: 'c2', entries: [gone], more: false });
    expect(keys(bench.core)).toEqual(['1-mine']);
    const back = entryOf({ sequence: 20, revision: 3 });
    bench.core.resume();
    bench.answer('list', { outcome: 'changed', epoch: 'e', cursor: 'c3', entries: [back], more: false });
    expect(bench.take('page').request).toMatchObject({ anchor: { at: 'end' }, check: null });
  });

  it('a late send names the draft that its text came from, and none in a thread', () => {
    const bench = Bench.opened();
    const drafted = (text: string, revision: number) => entryOf({ draft: { text, revision }, revision });
    bench.core.resume();
    const list = { outcome: 'changed', epoch: 'e', more: false } as const;
    bench.answer('list', { ...list, cursor: 'c2', entries: [drafted('hello', 3)] });
    bench.core.disconnected();
    bench.core.enqueue(text, 5);
    bench.core.enqueue({ ...text, id: 'reply', thread: { sequence: 3, id: 'id 3' } }, 5);
    bench.core.connected();
    bench.answer('list', { ...list, cursor: 'c3', entries: [drafted('newer', 4)] });
    expect([bench.take('send').request.draft, bench.core.draft(7)]).toEqual([3, 'newer']);
    bench.core.disconnected();
    bench.core.connected();
    expect(bench.take('send').request.draft).toBe(3);
    expect(bench.core.discard('reply')?.command).not.toHaveProperty('draft');
  });

  it('an offline draft survives a reload, is sent on its base, and enters the outbox once', () => {
    const stores = (core: ChatCore): StoredCore => ({
      sync: structuredClone(core.store()),
      outbox: core.takeWrites().flatMap((write) => (write.write === 'keep' ? [write.item] : [])),
      drafts: core.takeDraftWrites().flatMap((write) => (write.write === 'keep' ? [write.draft] : [])),
    });
    const before = Bench.opened();
    before.core.disconnected();
    before.core.setDraft(7, 'hello');
    expect(before.core.draftsUnwritten).toBe(true);
    const typed = stores(before.core);
    const bench = new Bench(typed);
    expect([bench.core.draft(7), bench.core.entries()[0]?.draft, bench.core.due]).toEqual(['hello', 'hello', true]);
    bench.core.connected();
    bench.core.tick(1);
    expect(bench.take('draft').request).toEqual({ command: 'draft', conversation: 7, text: 'hello', base: 0 });

    const sending = new Bench(typed);
    sending.core.enqueue(text, 5);
    const reloaded = new Bench(stores(sending.core));
    expect([reloaded.core.draft(7), reloaded.core.due]).toEqual(['', false]);
    reloaded.core.connected();
    expect(reloaded.take('send').request).toEqual({ ...text, draft: 0 });
  });

  it('[CH-25.1] [CH-25.4] the core starts over under another epoch, but keeps outbox and composer', () => {
    const bench = Bench.opened();
    bench.core.setDraft(7, 'half');
    bench.core.applyEvent({ ...newRow(11), epoch: 'f' }, 0);
    expect([bench.core.entries(), keys(bench.core), bench.core.draft(7)]).toEqual([[], [], 'half']);
    expect(bench.take('list').request.cursor).toBeNull();
  });

  it('[CH-25.2] a log that the server does not know is dropped, and paged again once the entry arrives', () => {
    const bench = Bench.opened();
    bench.core.applyEvent(newRow(13), 0);
    bench.core.fillGap(7, 11);
    bench.answer('page', { outcome: 'reset', epoch: 'e' });
    expect(keys(bench.core)).toEqual([]);
    bench.answer('entry', { epoch: 'e', entry: entryOf({ sequence: 4 }) });
    expect(bench.take('page').request).toMatchObject({ anchor: { at: 'end' }, check: null });
  });

  it('a timeline shows whether a page is being requested', () => {
    const bench = Bench.opened();
    bench.core.applyEvent(newRow(15), 0);
    const loadings = () => bench.core.timeline(7).rows.flatMap((row) => (row.type === 'gap' ? [row.loading] : []));
    expect([loadings(), bench.core.timeline(7).loading]).toEqual([[false], false]);
    bench.core.fillGap(7, 11);
    expect(loadings()).toEqual([true]);
    bench.answer('page', pageOf(13, 14, { sequence: 15, modification: 0 }));
    expect(loadings()).toEqual([false]);
  });

  it('[CH-37.5] an unreadable conversation is reported, requested once, and shown once it can be read', () => {
    const bench = new Bench();
    bench.core.connected();
    bench.answer('list', { outcome: 'reset', epoch: 'e', cursor: 'c', entries: [entryOf()], more: false });
    bench.core.open(7);
    bench.core.refused(bench.take('page').token, 'damaged', false);
    expect(bench.core.timeline(7)).toMatchObject({ loading: false, refused: 'damaged', rows: [] });
    bench.core.tick(10_000);
    bench.core.loadOlder(7);
    expect(bench.core.takeRequests().filter(({ request }) => request.command === 'page')).toEqual([]);
    bench.core.resume();
    bench.answer('page', pageOf(6, 10, { sequence: 10, modification: 0 }));
    expect(bench.core.timeline(7)).toMatchObject({ refused: null, atStart: false });
  });

  it('a timeline shows that older history is being requested', () => {
    const bench = new Bench();
    bench.core.connected();
    bench.answer('list', { outcome: 'reset', epoch: 'e', cursor: 'c', entries: [entryOf()], more: false });
    bench.core.open(7);
    expect(bench.core.timeline(7).loading).toBe(true);
    bench.answer('page', pageOf(6, 10, { sequence: 10, modification: 0 }));
    expect(bench.core.timeline(7)).toMatchObject({ loading: false, atStart: false });
    bench.core.loadOlder(7);
    expect(bench.core.timeline(7).loading).toBe(true);
    bench.answer('page', pageOf(1, 5, { sequence: 10, modification: 0 }));
    expect(bench.core.timeline(7)).toMatchObject({ loading: false, atStart: true });
  });

  it('a timeline shows that a conversation does not exist for this user, until it does', () => {
    const bench = Bench.opened();
    bench.core.open(99);
    expect(bench.core.timeline(99)).toMatchObject({ absent: false, loading: true });
    bench.answer('entry', { epoch: 'e', entry: null });
    expect(bench.core.timeline(99)).toMatchObject({ absent: true, loading: false, rows: [] });
    bench.core.applyEvent({ event: 'own', epoch: 'e', conversation: 99, revision: 1 }, 0);
    bench.answer('entry', { epoch: 'e', entry: entryOf({ conversation: 99 }) });
    expect(bench.core.timeline(99)).toMatchObject({ absent: false, loading: true });
  });

  it('views keep their identity until something in them changes', () => {
    const bench = Bench.opened();
    const [entries, timeline] = [bench.core.entries(), bench.core.timeline(7)];
    bench.core.tick(1);
    bench.core.resume();
    expect([bench.core.entries() === entries, bench.core.timeline(7) === timeline]).toEqual([true, true]);
    bench.core.applyEvent({ event: 'typing', conversation: 7, user: 2, typing: true }, 0);
    expect([bench.core.entries() === entries, bench.core.typing(7)]).toEqual([false, [2]]);
    bench.core.applyEvent(newRow(11), 0);
    expect([bench.core.timeline(7) === timeline, bench.core.typing(7)]).toEqual([false, []]);
  });
});
