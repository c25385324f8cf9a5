import type { ConversationEntry, Person } from '@everywire/chat-client';
import { useChat, useClient } from '@everywire/chat-react';
import { type FormEvent, useState } from 'react';
import { useAttempt } from '../app/use-attempt.js';
import { Dialog } from '../design/dialog.js';
import { Problem } from '../design/problem.js';
import { useWords } from '../i18n/words.js';
import { PersonPicker } from './person-picker.js';

interface AddPeopleDialogProps {
  readonly entry: ConversationEntry;
  readonly members: readonly number[];
  readonly onClose: () => void;
}

/** Renders the dialog that adds people to an existing group. */
export function AddPeopleDialog({ entry, members, onClose }: AddPeopleDialogProps) {
  const words = useWords();
  const client = useClient();
  const { me } = useChat();
  const [picked, setPicked] = useState<readonly Person[]>([]);
  const { busy, problem, attempt } = useAttempt();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const people = picked.map((person) => person.id);
    void attempt(async () => {
      await client.addMembers(entry.id, people);
      onClose();
    });
  };
  return (
    <Dialog title={words.addPeopleTo(entry.title)} className="dialog-page dialog-people" onClose={onClose}>
      <form onSubmit={submit}>
        <PersonPicker picked={picked} onPicked={setPicked} without={new Set([me.id, ...members])} />
        <div className="dialog-acts">
          <Problem code={problem} />
          <button type="submit" className="button main" disabled={picked.length === 0 || busy}>
            {words.add}
          </button>
        </div>
      </form>
    </Dialog>
  );
}
