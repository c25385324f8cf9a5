import type { ConversationEntry, MessageNews } from '@everywire/chat-client';
import { previewText } from '../conversations/preview-text.js';
import type { Words } from '../i18n/zh.js';
import type { NotificationWords } from './notification-catalogues.js';

/** What a notification says. Of two with the same tag the later one replaces the earlier one. */
export interface Notice {
  readonly tag: string;
  readonly title: string;
  readonly body: string;
}

export type SentMessage = Extract<MessageNews, { readonly news: 'sent' }>;

export interface NoticeStyle {
  readonly words: Words;
  readonly notices: NotificationWords;
  /** False: who wrote and how much, but not what. */
  readonly withText: boolean;
}

/** At most so many conversations are named by the summary. */
const namesMax = 3;

/** The tag of the one notification that stands for many conversations. */
const summaryTag = 'everywire-summary';

/** @param message what to quote; `null` where its text is not known here, as after a gap. @param count how many messages wait */
export function noticeOf(
  entry: ConversationEntry,
  message: SentMessage | null,
  count: number,
  { words, notices, withText }: NoticeStyle,
): Notice {
  const title = count > 1 ? notices.counted(entry.title, count) : entry.title;
  const tag = `everywire-${entry.id}`;
  if (message === null || !withText) {
    const body = entry.notify === 'mentions' ? notices.mentionsWaiting(count) : notices.messagesWaiting(count);
    return { tag, title, body };
  }
  const text = previewText(message.text, words);
  const sender = entry.kind === 'direct' ? '' : message.sender.displayName;
  const body = message.thread === null ? notices.said(sender, text) : notices.saidInThread(sender, text);
  return { tag, title, body };
}

/** What waits in several conversations, in one notification. */
export function summaryOf(
  waiting: readonly (readonly [title: string, count: number])[],
  { notices }: Pick<NoticeStyle, 'notices'>,
): Notice {
  const total = waiting.reduce((sum, [, count]) => sum + count, 0);
  const named = waiting.slice(0, namesMax).map(([title]) => title);
  return {
    tag: summaryTag,
    title: notices.messagesWaiting(total),
    body: notices.conversationsNamed(named, waiting.length - named.length),
  };
}
