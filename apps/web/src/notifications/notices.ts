import type { ConversationEntry, MessageNews } from '@everywire/chat-client';
import { previewText } from '../conversations/preview-text.js';
import type { Words } from '../i18n/zh.js';
import type { NotificationWords } from './notification-catalogues.js';

/** The content of a notification. A later one with the same tag replaces an earlier one. */
export interface NotificationContent {
  readonly tag: string;
  readonly title: string;
  readonly body: string;
}

/** A message that arrived, as reported by `watchMessages`. */
export type SentMessage = Extract<MessageNews, { readonly news: 'sent' }>;

/** How notifications are worded. */
export interface NoticeStyle {
  readonly words: Words;
  readonly notices: NotificationWords;
  /** If false, a notification shows the sender and the count, but not the text. */
  readonly withText: boolean;
}

/** The maximum number of conversations named in the summary. */
const NAMES_MAX = 3;

/** The tag of the notification that summarises several conversations. */
const SUMMARY_TAG = 'everywire-summary';

/**
 * Returns the notification of one conversation. `message` is the message to quote, or `null` if its text is unknown, as after a gap.
 * `count` is the number of unread messages.
 */
export function noticeOf(
  entry: ConversationEntry,
  message: SentMessage | null,
  count: number,
  { words, notices, withText }: NoticeStyle,
): NotificationContent {
  const title = count > 1 ? notices.counted(entry.title, count) : entry.title;
  const tag = `everywire-${entry.id}`;
  if (message === null || !withText) {
    const body = entry.notify === 'mentions' ? notices.mentionsWaiting(count) : notices.messagesWaiting(count);
    return { tag, title, body };
  }
  const text = previewText(message, words);
  const sender = entry.kind === 'direct' ? '' : message.sender.displayName;
  const body = message.thread === null ? notices.said(sender, text) : notices.saidInThread(sender, text);
  return { tag, title, body };
}

/** Returns one notification for the unread messages of several conversations. */
export function summaryOf(
  waiting: readonly (readonly [title: string, count: number])[],
  { notices }: Pick<NoticeStyle, 'notices'>,
): NotificationContent {
  const total = waiting.reduce((sum, [, count]) => sum + count, 0);
  const named = waiting.slice(0, NAMES_MAX).map(([title]) => title);
  return {
    tag: SUMMARY_TAG,
    title: notices.messagesWaiting(total),
    body: notices.conversationsNamed(named, waiting.length - named.length),
  };
}
