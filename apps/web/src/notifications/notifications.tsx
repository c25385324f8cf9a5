import type { ChatClient } from '@everywire/chat-client';
import { useChat, useClient } from '@everywire/chat-react';
import { useEffect } from 'react';
import { goToConversation, goToList, goToMessage, goToThread } from '../app/route.js';
import { changePreferences, readPreferences } from '../design/preferences.js';
import { useNow } from '../i18n/use-now.js';
import { wordsOf } from '../i18n/words.js';
import { createChime } from './chime.js';
import type { NotificationContent } from './notices.js';
import { notificationWordsOf } from './notification-catalogues.js';
import { type NoticeTarget, Notifier } from './notifier.js';
import { pageAttention } from './page-attention.js';
import { showPageIcon } from './page-icon.js';
import { notificationState, showNotification } from './permission.js';
import { openTabs } from './tabs.js';
import { notifyingCount } from './waiting.js';

/** Shows notifications of new messages while mounted, and marks the tab's icon while messages wait. */
export function Notifications(): null {
  const chat = useClient();
  const { conversations } = useChat();
  const now = useNow(60_000);
  const waiting = conversations.some((entry) => notifyingCount(entry, now) > 0);
  useEffect(() => {
    let end = startNotifying(chat);
    const page = new AbortController();
    const { signal } = page;
    // Withdraws the notifications on unload, because no other tab could.
    window.addEventListener('pagehide', () => end(), { signal });
    // The page was restored from the back/forward cache.
    const comeBack = ({ persisted }: PageTransitionEvent) => {
      if (persisted) end = startNotifying(chat);
    };
    window.addEventListener('pageshow', comeBack, { signal });
    return () => {
      page.abort();
      end();
    };
  }, [chat]);
  useEffect(() => showPageIcon(waiting), [waiting]);
  useEffect(() => () => showPageIcon(false), []);
  return null;
}

function startNotifying(chat: ChatClient): () => void {
  const tabs = openTabs(chat.getSnapshot().me.id, pageAttention);
  const chime = createChime();
  const notifier = new Notifier({
    chat,
    tabs,
    show,
    sound: () => {
      const { notifications, notificationSound } = readPreferences();
      if (notifications && notificationSound) chime.sound();
    },
    style: () => {
      const { language, notificationText } = readPreferences();
      return { words: wordsOf(language), notices: notificationWordsOf(language), withText: notificationText };
    },
  });
  const endLooking = pageAttention.watch(() => {
    if (pageAttention.now()) notifier.closeSummary();
  });
  const close = () => {
    endLooking();
    notifier.close();
    tabs.close();
    chime.close();
  };
  return close;
}

function show({ tag, title, body }: NotificationContent, target: NoticeTarget | null): Notification | null {
  const { notifications, notificationOffer } = readPreferences();
  if (!notifications) return null;
  if (notificationState() === 'default' && notificationOffer === 'none')
    changePreferences({ notificationOffer: 'due' });
  const shown = showNotification(title, { tag, body });
  shown?.addEventListener('click', () => {
    window.focus();
    shown.close();
    follow(target);
  });
  return shown;
}

function follow(target: NoticeTarget | null): void {
  if (target === null) goToList();
  else if (target.thread !== null) goToThread(target.conversation, target.thread, target.sequence);
  else if (target.sequence !== null) goToMessage(target.conversation, target.sequence);
  else goToConversation(target.conversation);
}
