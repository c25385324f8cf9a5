import type { NotificationRule } from '@everywire/chat';
import type { ConversationEntry, MemberPlace } from '@everywire/chat-client';
import { useClient } from '@everywire/chat-react';
import { goToList, useRoute } from '../app/route.js';
import { useUndo } from '../app/undo.js';
import { useWords } from '../i18n/words.js';
import { useNotificationWords } from '../notifications/notification-words.js';

/** Returns the user's actions on a conversation. Each takes effect immediately and offers an undo. */
export function useConversationActions(entry: ConversationEntry, run: (act: Promise<unknown>) => void) {
  const words = useWords();
  const notices = useNotificationWords();
  const { own } = useClient();
  const { offer } = useUndo();
  const shown = useRoute();
  const { id, title } = entry;
  const did = (said: string, act: Promise<unknown>, undo: () => Promise<unknown>) => {
    run(act);
    offer({ conversation: id, words: said, undo: () => run(undo()) });
  };
  return {
    arrange: (place: MemberPlace) => {
      const before = entry.place;
      // The text names the place that is left or taken. A change from `normal` to `normal` is impossible.
      const said =
        place === 'normal' ? words.didPlaceBack[before === 'normal' ? 'archived' : before] : words.didPlace[place];
      did(said(title), own.arrange(id, place), () => own.arrange(id, before));
    },
    mute: (until: number) => {
      const before = entry.mutedUntil;
      did(until === 0 ? words.didUnmute(title) : words.didMute(title), own.mute(id, until), () => own.mute(id, before));
    },
    notify: (rule: NotificationRule) => {
      const before = entry.notify;
      did(notices.didNotify(title, rule), own.notify(id, rule), () => own.notify(id, before));
    },
    /** Undo marks the conversation as unread, because messages cannot become unread again. */
    markRead: () => {
      if (entry.unread > 0) own.markRead(id);
      const act = entry.marked ? own.mark(id, false) : Promise.resolve();
      did(words.didMarkRead(title), act, () => own.mark(id, true));
    },
    markUnread: () => did(words.didMarkUnread(title), own.mark(id, true), () => own.mark(id, false)),
    dismiss: () => {
      if (shown === id) goToList();
      offer({
        conversation: id,
        words: words.didDismiss(title),
        undo: () => undefined,
        leaving: { activityAt: entry.activityAt, settle: () => run(own.dismiss(id)) },
      });
    },
  };
}
