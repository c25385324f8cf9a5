import type { ConversationEntry } from '@everywire/chat-client';
import { memo } from 'react';
import { listTime } from '../i18n/dates.js';
import { scriptOf } from '../i18n/script-of.js';
import { useWords } from '../i18n/words.js';
import { Avatar, type Dot } from '../look/avatar.js';
import { usePreferences } from '../look/preferences.js';
import { Preview } from './preview.js';

interface ConversationRowProps {
  readonly entry: ConversationEntry;
  /** The reader's own id. */
  readonly own: number;
  readonly current: boolean;
  readonly tabStop: boolean;
  readonly dot: Dot;
  readonly now: number;
  readonly onOpen: (id: number) => void;
}

/** One conversation in the list. Bold and a filled count: unread. A rounded square: a group. */
export const ConversationRow = memo(function ConversationRow(props: ConversationRowProps) {
  const { entry, own, current, tabStop, dot, now, onOpen } = props;
  const words = useWords();
  const [{ language, showTyping }] = usePreferences();
  return (
    <a
      className={entry.unread > 0 ? 'conversation unread' : 'conversation'}
      href={`#/c/${entry.id}`}
      aria-current={current ? 'page' : undefined}
      tabIndex={tabStop ? 0 : -1}
      data-conversation={entry.id}
      onClick={(event) => {
        if (event.ctrlKey || event.metaKey || event.shiftKey) return;
        event.preventDefault();
        onOpen(entry.id);
      }}
    >
      <Avatar
        id={entry.peer?.id ?? entry.id}
        name={entry.title}
        kind={entry.kind === 'direct' ? 'person' : 'group'}
        dot={dot}
      />
      <div>
        <p className="name" lang={scriptOf(entry.title)}>
          <span dir="auto">{entry.title}</span>
        </p>
        <Preview entry={entry} own={own} current={current} showTyping={showTyping} />
      </div>
      <div className="side">
        <time dateTime={new Date(entry.activityAt).toISOString()}>
          {listTime(entry.activityAt, now, words, language)}
        </time>
        <span className="badges">
          {entry.unread > 0 && (
            <span className="count">
              <span aria-hidden="true">{entry.unread > 999 ? '999+' : entry.unread}</span>
              <span className="hide">{words.unreadCount(entry.unread)}</span>
            </span>
          )}
        </span>
      </div>
    </a>
  );
});
