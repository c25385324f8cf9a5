import type { Person } from '@everywire/chat-client';
import { useChat, useClient } from '@everywire/chat-react';
import { MessageCircle } from 'lucide-react';
import { goToPerson } from '../app/route.js';
import { Avatar } from '../design/avatar.js';
import { Dialog } from '../design/dialog.js';
import { Icon } from '../design/icon.js';
import { PersonPresence } from '../details/presence-words.js';
import { useWords } from '../i18n/words.js';
import { useMayWriteTo } from './use-may-write-to.js';
import './profile.css';

interface ProfileDialogProps {
  readonly person: Person;
  readonly onClose: () => void;
}

/** Renders a person's profile with their last presence and a button to message them. */
export function ProfileDialog({ person, onClose }: ProfileDialogProps) {
  const words = useWords();
  const client = useClient();
  const isOwn = useChat().me.id === person.id;
  const mayWrite = useMayWriteTo(person);
  const write = () => {
    onClose();
    goToPerson(client.direct(person.id));
  };
  return (
    <Dialog title={words.profile} className="dialog-small" onClose={onClose}>
      <div className="profile">
        <Avatar id={person.id} name={person.displayName} kind="person" picture={person.avatar} size="large" />
        <b dir="auto">{person.displayName}</b>
        <small>
          <bdi>{person.name}</bdi>
        </small>
        <p>{isOwn ? words.you : <PersonPresence person={person} />}</p>
        {person.status !== undefined && <p dir="auto">{person.status}</p>}
      </div>
      {!isOwn && mayWrite && (
        <div className="dialog-acts">
          <button type="button" className="button main" onClick={write}>
            <Icon of={MessageCircle} size={16} />
            {words.talkTo}
          </button>
        </div>
      )}
    </Dialog>
  );
}
