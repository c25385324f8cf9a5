import { type ConversationEntry, isProvisional } from '@everywire/chat-client';
import { BellMinus, BellOff, Ellipsis, type LucideIcon, Pin } from 'lucide-react';
import { memo } from 'react';
import { conversationAddress } from '../app/route.js';
import { Avatar, type Dot } from '../design/avatar.js';
import { Icon } from '../design/icon.js';
import { usePreferences } from '../design/preferences.js';
import { listTime } from '../i18n/dates.js';
import { scriptOf } from '../i18n/script-of.js';
import { useTimeZone } from '../i18n/time-zone.js';
import { useWords } from '../i18n/words.js';
import { badgeOf, isMuted } from './badge.js';
import { Preview } from './preview.js';
import { RowBadges } from './row-badges.js';

interface ConversationRowProps {
  readonly entry: ConversationEntry;
  /** The id of the signed-in user. */
  readonly own: number;
  readonly current: boolean;
  readonly tabStop: boolean;
  readonly dot: Dot;
  readonly now: number;
  readonly onOpen: (id: number) => void;
  /** Opens the row's menu at this element. */
  readonly onMenu: (id: number, at: HTMLElement) => void;
}

/** Renders one conversation in the list. Unread ones are bold with a filled count; groups have a rounded square picture. */
export const ConversationRow = memo(function ConversationRow(props: ConversationRowProps) {
  const { entry, own, current, tabStop, dot, now, onOpen, onMenu } = props;
  const words = useWords();
  const [{ language, showTyping }] = usePreferences();
  useTimeZone();
  const badge = badgeOf(entry, now);
  const muted = isMuted(entry, now);
  const loud = (badge.unread > 0 || badge.marked) && !badge.quiet;
  return (
    <>
      <a
        className={`conversation${loud ? ' unread' : ''}${muted ? ' muted' : ''}`}
        href={conversationAddress(entry.id)}
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
          picture={entry.peer?.avatar ?? entry.picture}
          dot={dot}
        />
        <div>
          <p className="name" lang={scriptOf(entry.title)}>
            <span dir="auto">{entry.title}</span>
            {entry.place === 'pinned' && <Mark of={Pin} words={words.pinnedMark} />}
            {muted && <Mark of={BellOff} words={words.mutedMark} />}
            {!muted && entry.notify === 'none' && <Mark of={BellMinus} words={words.silentMark} />}
          </p>
          <Preview entry={entry} own={own} current={current} showTyping={showTyping} />
        </div>
        <div className="side">
          <time dateTime={new Date(entry.activityAt).toISOString()}>
            {listTime(entry.activityAt, now, words, language)}
          </time>
          <RowBadges badge={badge} />
        </div>
      </a>
      <button
        type="button"
        className="icon row-more"
        hidden={isProvisional(entry.id)}
        aria-label={words.conversationMenu(entry.title)}
        title={words.more}
        aria-haspopup="menu"
        tabIndex={tabStop ? 0 : -1}
        onClick={(event) => onMenu(entry.id, event.currentTarget)}
      >
        <Icon of={Ellipsis} size={16} />
      </button>
    </>
  );
});

/** Renders a small icon after the name, with a text for screen readers. */
function Mark({ of, words }: { readonly of: LucideIcon; readonly words: string }) {
  return (
    <>
      <Icon of={of} size={14} />
      <span className="hide">{words}</span>
    </>
  );
}
