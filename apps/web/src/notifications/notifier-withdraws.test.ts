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
  test('[item 30] a conversation that is read anywhere takes its notification back', async () => {
    const { news, shown, wait } = startNotifier();
    news.receive(news.direct, 'one');
    news.receive(news.group, 'two', { callsMe: true });
    await wait();
    expect(shown()).toHaveLength(2);
    news.read(news.direct);
    expect(shown()).toEqual(['Garden | Bo: two']);
  });

  test('a message that is read within the moment of gathering does not notify', async () => {
    const { news, announced, sound, wait } = startNotifier();
    news.receive(news.direct, 'one');
    news.read(news.direct);
    await wait();
    expect(announced).toEqual([]);
    expect(sound).not.toHaveBeenCalled();
  });

  test('a recalled message takes its notification back, also one that was recalled during a gap', async () => {
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

  test('a message that is recalled within the moment of gathering does not notify, and another one still does', async () => {
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

  test('[CH-41.4] muting and a rule of none take back what stands', async () => {
    const { news, shown, wait } = startNotifier();
    news.receive(news.direct, 'one');
    news.receive(news.group, 'two', { callsMe: true });
    await wait();
    news.change(news.direct, { mutedUntil: now + 3_600_000 });
    news.change(news.group, { notify: 'none' });
    expect(shown()).toEqual([]);
  });

  test('closing takes everything back and tells nothing more', async () => {
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
  test('a message neither notifies nor sounds while one of the tabs is looked at', async () => {
    const { news, announced, sound, wait } = startNotifier({ tabs: { isLooked: async () => true } });
    news.receive(news.direct, 'one');
    await wait();
    expect(announced).toEqual([]);
    expect(sound).not.toHaveBeenCalled();
  });

  test('a message that came while the person looked does not notify, though they look away at once; the next one does', async () => {
    let looks = true;
    const { news, announced, wait } = startNotifier({ tabs: { isLooked: async () => looks } });
    news.receive(news.direct, 'seen to come');
    news.receive(news.group, 'seen to come too', { callsMe: true });
    looks = false;
    news.receive(news.direct, 'missed');
    await wait();
    expect(announced).toEqual(['Ann (2) | missed']);
  });

  test('a tab that may not notify stays quiet', async () => {
    const mayNotify = vi.fn(() => false);
    const { news, announced, sound, wait } = startNotifier({ tabs: { mayNotify } });
    news.receive(news.direct, 'one');
    await wait();
    expect(announced).toEqual([]);
    expect(sound).not.toHaveBeenCalled();
    expect(mayNotify.mock.calls).toEqual([[news.direct, news.entry(news.direct).activityAt]]);
  });
});
