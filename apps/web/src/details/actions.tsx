import { checkEntryPermission } from '@everywire/chat';
import { type ConversationEntry, isProvisional, type Person } from '@everywire/chat-client';
import { type MembersView, useChat } from '@everywire/chat-react';
import { Ellipsis, ScrollText, Settings2, UserPlus, Users } from 'lucide-react';
import { useState } from 'react';
import { LazyPart } from '../app/lazy-component.js';
import { useBackgroundAction } from '../app/use-background-action.js';
import { conversationMenu } from '../conversations/conversation-rows.js';
import { Icon } from '../design/icon.js';
import { type MenuPlace, placeOf } from '../design/menu-place.js';
import { Problem } from '../design/problem.js';
import { useWords } from '../i18n/words.js';
import { BlockButton } from './block-button.js';
import { addPeopleDialog, groupSettingsDialog } from './dialogs.js';
import { mayManage } from './may-manage.js';

interface GroupActionsProps {
  readonly entry: ConversationEntry;
  readonly members: MembersView;
}

/** Renders the actions on a group or channel: add people, settings or rules, and the menu. */
export function GroupActions({ entry, members }: GroupActionsProps) {
  const words = useWords();
  const [dialog, setDialog] = useState<'none' | 'add' | 'settings'>('none');
  const close = () => setDialog('none');
  const manages = mayManage(entry);
  return (
    <div className="acts">
      <button
        type="button"
        disabled={checkEntryPermission('add', entry) !== null}
        onClick={() => setDialog('add')}
        aria-haspopup="dialog"
      >
        <Icon of={UserPlus} />
        {words.invite}
      </button>
      <button type="button" onClick={() => setDialog('settings')} aria-haspopup="dialog">
        <Icon of={manages ? Settings2 : ScrollText} />
        {manages ? words.manage : words.rules}
      </button>
      <MoreActionsButton entry={entry} />
      {dialog === 'add' && (
        <LazyPart
          of={addPeopleDialog}
          props={{ entry, members: members.members.map((member) => member.person.id), onClose: close }}
        />
      )}
      {dialog === 'settings' && <LazyPart of={groupSettingsDialog} props={{ entry, onClose: close }} />}
    </div>
  );
}

interface DirectActionsProps {
  readonly entry: ConversationEntry;
  readonly peer: Person;
  readonly onGroupWith: (person: Person) => void;
}

/** Renders the actions on a direct conversation: create a group with the person, block, and the menu. Of a deleted account only the menu. */
export function DirectActions({ entry, peer, onGroupWith }: DirectActionsProps) {
  const words = useWords();
  const isGuest = useChat().me.guest === true;
  const isDeleted = peer.state === 'deleted';
  return (
    <div className="acts">
      {!isGuest && !isDeleted && (
        <button type="button" onClick={() => onGroupWith(peer)}>
          <Icon of={Users} />
          {words.groupWith}
        </button>
      )}
      {(!isDeleted || entry.blocked) && <BlockButton peer={peer} blocked={entry.blocked} />}
      {!isProvisional(entry.id) && <MoreActionsButton entry={entry} />}
    </div>
  );
}

/** Renders the button for the same menu as in the list. */
export function MoreActionsButton({ entry }: { readonly entry: ConversationEntry }) {
  const words = useWords();
  const [place, setPlace] = useState<MenuPlace | null>(null);
  const [problem, run] = useBackgroundAction();
  return (
    <>
      <button
        type="button"
        aria-haspopup="menu"
        aria-expanded={place !== null}
        onClick={(event) => setPlace(placeOf(event.currentTarget))}
      >
        <Icon of={Ellipsis} />
        {words.more}
      </button>
      {place !== null && (
        <LazyPart of={conversationMenu} props={{ entry, place, run, onSearch: null, onClose: () => setPlace(null) }} />
      )}
      {problem !== null && <Problem code={problem} />}
    </>
  );
}
