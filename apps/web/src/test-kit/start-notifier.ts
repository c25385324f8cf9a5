import { vi } from 'vitest';
import { en } from '../i18n/en.js';
import { notificationWordsOf } from '../notifications/notification-catalogues.js';
import { type NoticeTarget, Notifier } from '../notifications/notifier.js';
import type { Tabs } from '../notifications/tabs.js';
import { FakeChatNews } from './fake-chat-news.js';

/** In milliseconds, longer than the notifier's gathering time. */
const GATHERED = 400;

/** Starts a notifier in the only tab, which is not in front, and collects the visible notifications by tag. */
export function startNotifier(given: { readonly withText?: boolean; readonly tabs?: Partial<Tabs> } = {}) {
  const news = new FakeChatNews();
  const standing = new Map<string, { readonly text: string; readonly target: NoticeTarget | null }>();
  const announced: string[] = [];
  const sound = vi.fn();
  const tabs: Tabs = { isAnyInFront: async () => false, mayNotify: () => true, close: () => undefined, ...given.tabs };
  const notifier = new Notifier({
    chat: news.chat,
    tabs,
    sound,
    show: ({ tag, title, body }, target) => {
      const shown = { text: `${title} | ${body}`, target };
      announced.push(shown.text);
      standing.set(tag, shown);
      return { close: () => void (standing.get(tag) === shown && standing.delete(tag)) };
    },
    style: () => ({ words: en, notices: notificationWordsOf('en'), withText: given.withText ?? true }),
  });
  const wait = (ms = GATHERED) => vi.advanceTimersByTimeAsync(ms);
  const shown = () => [...standing.values()].map(({ text }) => text);
  return {
    news,
    notifier,
    sound,
    announced,
    wait,
    shown,
    targets: () => [...standing.values()].map(({ target }) => target),
  };
}
