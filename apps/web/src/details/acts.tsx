import type { ConversationEntry, Person } from '@everywire/chat-client';
import { type MembersView, useClient } from '@everywire/chat-react';
import { LogOut, Pencil, UserPlus, Users } from 'lucide-react';
import { useState } from 'react';
import { Later } from '../app/later.js';
import { goToList } from '../app/route.js';
import { useWords } from '../i18n/words.js';
import { Icon } from '../look/icon.js';
import { addPeopleDialog, confirmDialog, renameDialog } from './dialogs.js';

/** What one can do with a group: add people, rename it, leave it. */
export function GroupActs({ entry, members }: { readonly entry: ConversationEntry; readonly members: MembersView }) {
  const words = useWords();
  const client = useClient();
  const [dialog, setDialog] = useState<'none' | 'add' | 'rename' | 'leave'>('none');
  const close = () => setDialog('none');
  return (
    <div className="acts">
      <button type="button" onClick={() => setDialog('add')}>
        <Icon of={UserPlus} />
        {words.invite}
      </button>
      <button type="button" onClick={() => setDialog('rename')}>
        <Icon of={Pencil} />
        {words.rename}
      </button>
      <button type="button" onClick={() => setDialog('leave')}>
        <Icon of={LogOut} />
        {words.leave}
      </button>
      {dialog === 'add' && (
        <Later
          of={addPeopleDialog}
          props={{ entry, members: members.members.map((member) => member.person.id), onClose: close }}
        />
      )}
      {dialog === 'rename' && <Later of={renameDialog} props={{ entry, onClose: close }} />}
      {dialog === 'leave' && (
        <Later
          of={confirmDialog}
          props={{
            title: words.leaveTitle(entry.title),
            text: words.leaveWords,
            act: words.leave,
            onAct: async () => {
              await client.leave(entry.id);
              goToList();
            },
            onClose: close,
          }}
        />
      )}
    </div>
  );
}

/** A conversation of two can become a group of more. */
export function DirectActs({
  peer,
  onGroupWith,
}: {
  readonly peer: Person;
  readonly onGroupWith: (person: Person) => void;
}) {
  const words = useWords();
  return (
    <div className="acts">
      <span />
      <button type="button" onClick={() => onGroupWith(peer)}>
        <Icon of={Users} />
        {words.groupWith}
      </button>
    </div>
  );
}
