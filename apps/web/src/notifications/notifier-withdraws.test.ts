// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { startNotifier } from '../test-kit/start-notifier.js';

const now = Date.UTC(2026, 10, 20, 9, 41);
beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'], now });
});
afterEach(() => {
  vi.useRealTimers();
});

const preview = { sequence: null, sender: null, text: '', service: null, pending: false };

describe('withdrawing', () => {
  test('[item 30] reading a conversation on any device withdraws its notification', async () => {
    const { news, shown, wait } = startNotifier();
    news.receive(news.direct, 'one');
    news.receive(news.group, 'two', { callsMe: true });
    await wait();
    expect(shown()).toHaveLength(2);
    news.read(news.direct);
    expect(shown()).toEqual(['Garden | Bo: two']);
  });

  test('a message read within the gathering time does not notify', async () => {
    const { news, announced, sound, wait } = startNotifier();
    news.receive(news.direct, 'one');
    news.read(news.direct);
    await wait();
    expect(announced).toEqual([]);
    expect(sound).not.toHaveBeenCalled();
  });

  test('recalling a message withdraws its notification, even if it was recalled during a gap', async () => {
    const { news, shown, wait } = startNotifier();
    const first = news.receive(news.direct, 'oops');
    await wait();
    news.hear({ news: 'recalled', conversation: news.direct, sequence: first, thread: null });
    expect(shown()).toEqual([]);
    const second = news.receive(news.direct, 'oops again');
    await wait();
    expect(shown()).toHaveLength(1);
    news.change(news.direct, { preview: { ...preview, sequence: second, service: { change: 'recalled' } } });
    expect(shown()).toEqual([]);
  });

  test('a message recalled within the gathering time does not notify, another one still does', async () => {
    const { news, announced, wait } = startNotifier();
    const first = news.receive(news.direct, 'oops');
    news.hear({ news: 'recalled', conversation: news.direct, sequence: first, thread: null });
    await wait();
    expect(announced).toEqual([]);
    news.receive(news.direct, 'good');
    const third = news.receive(news.direct, 'oops');
    news.hear({ news: 'recalled', conversation: news.direct, sequence: third, thread: null });
    await wait();
    expect(announced).toEqual(['Ann (3) | good']);
  });

  test('[CH-41.4] muting and the rule "none" withdraw notifications', async () => {
    const { news, shown, wait } = startNotifier();
    news.receive(news.direct, 'one');
    news.receive(news.group, 'two', { callsMe: true });
    await wait();
    news.change(news.direct, { mutedUntil: now + 3_600_000 });
    news.change(news.group, { notify: 'none' });
    expect(shown()).toEqual([]);
  });

  test('closing withdraws all notifications and shows no more', async () => {
    const { news, notifier, shown, announced, wait } = startNotifier();
    news.receive(news.direct, 'one');
    await wait();
    news.receive(news.direct, 'two');
    notifier.close();
    await wait();
    expect([shown(), announced]).toEqual([[], ['Ann | one']]);
  });
});

describe('several tabs', () => {
  test('a message neither notifies nor sounds while a tab is in front', async () => {
    const { news, announced, sound, wait } = startNotifier({ tabs: { isAnyInFront: async () => true } });
    news.receive(news.direct, 'one');
    await wait();
    expect(announced).toEqual([]);
    expect(sound).not.toHaveBeenCalled();
  });

  test('a message seen arriving does not notify, even if the user looks away immediately, and the next one does', async () => {
    let looks = true;
    const { news, announced, wait } = startNotifier({ tabs: { isAnyInFront: async () => looks } });
    news.receive(news.direct, 'seen to come');
    news.receive(news.group, 'seen to come too', { callsMe: true });
    looks = false;
    news.receive(news.direct, 'missed');
    await wait();
    expect(announced).toEqual(['Ann (2) | missed']);
  });

  test('a tab that may not notify shows nothing', async () => {
    const mayNotify = vi.fn(() => false);
    const { news, announced, sound, wait } = startNotifier({ tabs: { mayNotify } });
    news.receive(news.direct, 'one');
    await wait();
    expect(announced).toEqual([]);
    expect(sound).not.toHaveBeenCalled();
    expect(mayNotify.mock.calls).toEqual([[news.direct, news.entry(news.direct).activityAt]]);
  });
});
