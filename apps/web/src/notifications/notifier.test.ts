// @vitest-environment happy-dom
import type { ConversationEntry } from '@everywire/chat-client';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { entry } from '../../fixtures/cast.js';
import { startNotifier } from '../test-kit/start-notifier.js';

const now = Date.UTC(2026, 10, 20, 9, 41);
beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'], now });
});
afterEach(() => {
  vi.useRealTimers();
});

describe('notifications of messages', () => {
  test('[CH-41.3] a direct message notifies with its sender and its plain text, and links to it', async () => {
    const { news, shown, targets, wait, sound } = startNotifier();
    const sequence = news.receive(news.direct, 'the **terns** are\nback');
    await wait();
    expect(shown()).toEqual(['Ann | the terns are back']);
    expect(targets()).toEqual([{ conversation: news.direct, thread: null, sequence }]);
    expect(sound).toHaveBeenCalledTimes(1);
  });

  test('[CH-41.3] a group notifies of mentions by default, of everything under "all", and of nothing under "none"', async () => {
    const { news, shown, announced, wait } = startNotifier();
    news.receive(news.group, 'anybody there?');
    await wait();
    expect(announced).toEqual([]);
    news.receive(news.group, 'you, I mean', { callsMe: true });
    await wait();
    expect(shown()).toEqual(['Garden | Bo: you, I mean']);
    news.read(news.group);
    news.change(news.group, { notify: 'all' });
    news.receive(news.group, 'hello all');
    await wait();
    expect(shown()).toEqual(['Garden | Bo: hello all']);
    news.read(news.group);
    news.change(news.group, { notify: 'none' });
    news.receive(news.group, 'and you', { callsMe: true });
    await wait();
    expect(shown()).toEqual([]);
  });

  test('a mention among other messages notifies with the text of the mention', async () => {
    const { news, shown, wait } = startNotifier();
    news.receive(news.group, 'you, I mean', { callsMe: true });
    news.receive(news.group, 'or anybody');
    await wait();
    expect(shown()).toEqual(['Garden | Bo: you, I mean']);
  });

  test.each([
    ['muted', { mutedUntil: now + 60_000 }],
    ['archived', { place: 'archived' }],
    ['left', { member: false }],
  ] as const)('a conversation that is %s does not notify, even of mentions', async (_name, change) => {
    const { news, announced, wait } = startNotifier();
    news.change(news.group, { notify: 'all', ...change });
    news.receive(news.group, 'you there', { callsMe: true });
    await wait();
    expect(announced).toEqual([]);
  });

  test('[CH-28.4] ending a mute or widening the rule does not notify of earlier messages', async () => {
    const { news, announced, wait } = startNotifier();
    news.change(news.direct, { mutedUntil: now + 60_000 });
    news.receive(news.direct, 'one');
    news.receive(news.group, 'two');
    await wait(120_000);
    news.change(news.direct, { draft: 'hm' });
    news.change(news.group, { notify: 'all' });
    await wait();
    expect(announced).toEqual([]);
    news.receive(news.group, 'three');
    await wait();
    expect(announced).toEqual(['Garden (2) | Bo: three']);
  });

  test('own messages do not notify', async () => {
    const { news, announced, wait } = startNotifier();
    news.change(news.direct, { activityAt: now, preview: { ...preview, sender: news.snapshot.me, text: 'mine' } });
    await wait();
    expect(announced).toEqual([]);
  });

  test('a reply in a followed thread notifies under the rule "all" and links to the thread', async () => {
    const { news, shown, targets, wait } = startNotifier();
    const sequence = news.reply(news.direct, 7, 'about that');
    news.reply(news.group, 8, 'not for you');
    await wait();
    expect(shown()).toEqual(['Ann | In a thread: about that']);
    expect(targets()).toEqual([{ conversation: news.direct, thread: 7, sequence }]);
    news.reply(news.group, 8, 'for you', true);
    await wait();
    expect(shown()).toContain('Garden | Bo, in a thread: for you');
  });

  test('several messages of one conversation make one notification with their number and the last text', async () => {
    const { news, shown, announced, wait } = startNotifier();
    for (const text of ['one', 'two', 'three']) news.receive(news.direct, text);
    await wait();
    expect(announced).toEqual(['Ann (3) | three']);
    news.receive(news.direct, 'four');
    await wait();
    expect(shown()).toEqual(['Ann (4) | four']);
  });

  test('with the text hidden, a notification shows the sender and the number of messages', async () => {
    const { news, shown, wait } = startNotifier({ withText: false });
    news.receive(news.direct, 'a secret');
    news.receive(news.group, 'another', { callsMe: true });
    await wait();
    expect(shown()).toEqual(['Ann | 1 new message', 'Garden | You were mentioned']);
  });
});

describe('missed messages', () => {
  test('unread messages of the first list and of conversations loaded later do not notify', async () => {
    const { news, announced, wait } = startNotifier();
    const older = entry({ id: 3, kind: 'direct', title: 'Cy', activityAt: 5, unread: 9 });
    news.set(...news.snapshot.conversations, older);
    await wait();
    expect(announced).toEqual([]);
  });

  test('a conversation that is new in the list notifies', async () => {
    const { news, shown, wait } = startNotifier();
    news.set(...news.snapshot.conversations, entry({ id: 3, kind: 'direct', title: 'Cy', activityAt: 99, unread: 1 }));
    await wait();
    expect(shown()).toEqual(['Cy | 1 new message']);
  });

  test('[item 27] two hundred messages missed in a gap make one summary', async () => {
    const { news, shown, targets, wait, sound, announced } = startNotifier();
    const others = Array.from({ length: 38 }, (_, index) => direct(10 + index, `P${index}`));
    news.set(...news.snapshot.conversations, ...others);
    await wait();
    news.chat.set({ conversations: news.snapshot.conversations.map((one) => ({ ...one, unread: 5 })) });
    await wait();
    expect(shown()).toEqual(['195 new messages | Ann, P0, P1 and 36 more']);
    expect([targets(), announced.length]).toEqual([[null], 1]);
    expect(sound).toHaveBeenCalledTimes(1);
  });

  test('a gap in a single conversation makes one notification for it', async () => {
    const { news, shown, wait } = startNotifier();
    news.miss(news.direct, 40);
    await wait();
    expect(shown()).toEqual(['Ann (40) | 40 new messages']);
  });

  test('many conversations at once are summarised, a few notify separately', async () => {
    const { news, announced, wait } = startNotifier();
    news.set(...news.snapshot.conversations, ...[3, 4, 5].map((id) => direct(id, `P${id}`)));
    for (const id of [news.direct, 3, 4]) news.receive(id, 'hello');
    await wait();
    expect(announced).toHaveLength(3);
    for (const id of [news.direct, 3, 4, 5]) news.receive(id, 'hello again');
    await wait();
    expect(announced.slice(3)).toEqual(['7 new messages | Ann, P3, P4 and 1 more']);
  });

  test('a summary grows with new messages and is withdrawn when all are read', async () => {
    const { news, shown, wait, announced } = startNotifier();
    news.change(news.group, { notify: 'all' });
    news.chat.set({ conversations: news.snapshot.conversations.map((one) => ({ ...one, unread: 2 })) });
    await wait();
    news.chat.set({ conversations: news.snapshot.conversations.map((one) => ({ ...one, unread: 3 })) });
    await wait();
    expect(announced).toEqual(['4 new messages | Ann, Garden', '6 new messages | Ann, Garden']);
    news.read(news.direct);
    expect(shown()).toHaveLength(1);
    news.read(news.group);
    expect(shown()).toEqual([]);
  });

  test('a list that is dropped and loaded again does not notify of known messages', async () => {
    const { news, announced, wait } = startNotifier();
    news.receive(news.direct, 'one');
    await wait();
    const { conversations } = news.snapshot;
    news.set();
    news.set(...conversations);
    await wait();
    expect(announced).toHaveLength(1);
  });
});

const preview = { sequence: null, sender: null, text: '', service: null, pending: false };

function direct(id: number, title: string): ConversationEntry {
  return entry({ id, kind: 'direct', title, activityAt: 1 });
}
