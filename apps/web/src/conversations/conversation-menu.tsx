import { checkEntryPermission } from '@everywire/chat';
import { type ConversationEntry, muteForever } from '@everywire/chat-client';
import { useClient } from '@everywire/chat-react';
import {
  Archive,
  ArchiveRestore,
  Bell,
  BellOff,
  Eraser,
  ListX,
  LogOut,
  Mail,
  MailOpen,
  Pin,
  PinOff,
  Search,
  Trash2,
} from 'lucide-react';
import { DropdownMenu } from 'radix-ui';
import { useRef, useState } from 'react';
import { goToList, useRoute } from '../app/route.js';
import { FloatingMenu } from '../design/floating-menu.js';
import { MenuItem } from '../design/menu-item.js';
import type { MenuPlace } from '../design/menu-place.js';
import { usePreferences } from '../design/preferences.js';
import { ConfirmDialog } from '../details/confirm-dialog.js';
import { comingTime } from '../i18n/dates.js';
import { useWords } from '../i18n/words.js';
import { RuleItems } from '../notifications/rule-items.js';
import { isMuted } from './badge.js';
import { useConversationActions } from './use-conversation-actions.js';

interface ConversationMenuProps {
  readonly entry: ConversationEntry;
  readonly place: MenuPlace;
  /** Runs the chosen action and reports its failure. */
  readonly run: (act: Promise<unknown>) => void;
  /** Starts a search in the conversation; `null` if the header already offers it. */
  readonly onSearch: ((conversation: number) => void) | null;
  readonly onClose: () => void;
}

const HOUR_MS = 3_600_000;

/** Actions that need a confirmation. */
type ConfirmedAction = 'clear' | 'leave' | 'delete';

/** Renders the menu of a conversation: the user's own settings for it, leaving it, and deleting it. */
export function ConversationMenu({ entry, place, run, onSearch, onClose }: ConversationMenuProps) {
  const words = useWords();
  const actions = useConversationActions(entry, run);
  const [asking, setAsking] = useState<ConfirmedAction | null>(null);
  const asked = useRef(false);
  const ask = (what: ConfirmedAction) => {
    asked.current = true;
    setAsking(what);
  };
  const mayOwn = checkEntryPermission('own', entry) === null;
  const unread = entry.unread > 0 || entry.marked;
  if (asking !== null) return <ConfirmAction what={asking} entry={entry} onClose={onClose} />;
  return (
    <FloatingMenu
      place={place}
      label={words.conversationMenu(entry.title)}
      onClose={() => {
        if (!asked.current) onClose();
      }}
    >
      {onSearch !== null && (
        <MenuItem
          of={Search}
          words={words.search.searchHere}
          disabled={!entry.member}
          onSelect={() => onSearch(entry.id)}
        />
      )}
      <PlaceItems entry={entry} disabled={!mayOwn} actions={actions} />
      <DropdownMenu.Separator className="menu-line" />
      <MuteItems entry={entry} disabled={!mayOwn} actions={actions} />
      {entry.kind !== 'notes' && (
        <>
          <DropdownMenu.Separator className="menu-line" />
          <RuleItems entry={entry} disabled={!mayOwn} onRule={actions.notify} />
        </>
      )}
      <DropdownMenu.Separator className="menu-line" />
      <MenuItem
        of={unread ? MailOpen : Mail}
        words={unread ? words.markRead : words.markUnread}
        disabled={!mayOwn}
        onSelect={unread ? actions.markRead : actions.markUnread}
      />
      <MenuItem of={ListX} words={words.dismiss} onSelect={actions.dismiss} />
      <MenuItem of={Eraser} words={words.clearHistory} disabled={!mayOwn} danger onSelect={() => ask('clear')} />
      {(entry.kind === 'group' || entry.kind === 'channel') && (
        <MenuItem
          of={LogOut}
          words={entry.kind === 'group' ? words.leaveGroup : words.leaveChannel}
          disabled={checkEntryPermission('leave', entry) !== null}
          danger
          onSelect={() => ask('leave')}
        />
      )}
      {entry.role === 'owner' && (entry.kind === 'group' || entry.kind === 'channel') && (
        <MenuItem
          of={Trash2}
          words={words.deleteFor[entry.kind]}
          disabled={checkEntryPermission('delete', entry) !== null}
          danger
          onSelect={() => ask('delete')}
        />
      )}
    </FloatingMenu>
  );
}

interface ItemsProps {
  readonly entry: ConversationEntry;
  readonly disabled: boolean;
  readonly actions: ReturnType<typeof useConversationActions>;
}

function PlaceItems({ entry, disabled, actions }: ItemsProps) {
  const words = useWords();
  const pinned = entry.place === 'pinned';
  const archived = entry.place === 'archived';
  return (
    <>
      <MenuItem
        of={pinned ? PinOff : Pin}
        words={pinned ? words.unpinTalk : words.pinTalk}
        disabled={disabled}
        onSelect={() => actions.arrange(pinned ? 'normal' : 'pinned')}
      />
      <MenuItem
        of={archived ? ArchiveRestore : Archive}
        words={archived ? words.unarchive : words.archive}
        disabled={disabled}
        onSelect={() => actions.arrange(archived ? 'normal' : 'archived')}
      />
    </>
  );
}

function MuteItems({ entry, disabled, actions }: ItemsProps) {
  const words = useWords();
  const [{ language }] = usePreferences();
  // Read once when the menu opens, because it is open for seconds only.
  const [now] = useState(Date.now);
  const { mute } = actions;
  if (isMuted(entry, now)) {
    const time = comingTime(entry.mutedUntil, now, words, language);
    const hint = entry.mutedUntil === muteForever ? '' : words.mutedUntil(time);
    return <MenuItem of={Bell} words={words.unmute} hint={hint} disabled={disabled} onSelect={() => mute(0)} />;
  }
  return (
    <>
      <MenuItem of={BellOff} words={words.muteHour} disabled={disabled} onSelect={() => mute(Date.now() + HOUR_MS)} />
      <MenuItem
        of={BellOff}
        words={words.muteHours}
        disabled={disabled}
        onSelect={() => mute(Date.now() + 8 * HOUR_MS)}
      />
      <MenuItem of={BellOff} words={words.muteAlways} disabled={disabled} onSelect={() => mute(muteForever)} />
    </>
  );
}

interface ConfirmActionProps {
  readonly what: ConfirmedAction;
  readonly entry: ConversationEntry;
  readonly onClose: () => void;
}

function ConfirmAction({ what, entry, onClose }: ConfirmActionProps) {
  const words = useWords();
  const client = useClient();
  const shown = useRoute();
  if (what === 'clear') {
    return (
      <ConfirmDialog
        title={words.clearTitle(entry.title)}
        text={words.clearWords}
        act={words.clearHistory}
        onAct={() => client.own.clearHistory(entry.id)}
        onClose={onClose}
      />
    );
  }
  if (what === 'delete') {
    const kind = entry.kind === 'channel' ? 'channel' : 'group';
    return (
      <ConfirmDialog
        title={words.deleteTitle[kind](entry.title)}
        text={words.deleteWords(entry.memberCount)}
        act={words.deleteForAll[kind]}
        onAct={async () => {
          await client.groups.delete(entry.id);
          if (shown === entry.id) goToList();
        }}
        onClose={onClose}
      />
    );
  }
  return (
    <ConfirmDialog
      title={words.leaveTitle(entry.title)}
      text={[
        words.leaveWords,
        ...(entry.role === 'owner' && entry.memberCount > 1 ? [words.leaveOwnerWords] : []),
      ].join(' ')}
      act={words.leave}
      onAct={async () => {
        await client.leave(entry.id);
        if (shown === entry.id) goToList();
      }}
      onClose={onClose}
    />
  );
}
