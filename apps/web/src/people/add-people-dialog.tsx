import type { ConversationEntry, Person } from '@everywire/chat-client';
import { type FormEvent, useState } from 'react';
import { codeOf } from '../app/backend.js';
import { useChat, useClient } from '../app/client-context.js';
import { errorWords, sentence, useWords } from '../i18n/words.js';
import { Dialog } from '../look/dialog.js';
import { PersonPicker } from './person-picker.js';

interface AddPeopleDialogProps {
  readonly entry: ConversationEntry;
  readonly members: readonly number[];
  readonly onClose: () => void;
}

/** More people for a group that exists. */
export function AddPeopleDialog({ entry, members, onClose }: AddPeopleDialogProps) {
  const words = useWords();
  const client = useClient();
  const { me } = useChat();
  const [picked, setPicked] = useState<readonly Person[]>([]);
  const [problem, setProblem] = useState<string | null>(null);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    try {
      await client.addMembers(
        entry.id,
        picked.map((person) => person.id),
      );
      onClose();
    } catch (error) {
      setProblem(codeOf(error));
    }
  };
  return (
    <Dialog title={words.addPeopleTo(entry.title)} className="dialog-page dialog-people" onClose={onClose}>
      <form onSubmit={submit}>
        <PersonPicker picked={picked} onPicked={setPicked} without={new Set([me.id, ...members])} />
        <div className="dialog-acts">
          <span className="problem" role="alert">
            {problem !== null && sentence(errorWords(words, problem))}
          </span>
          <button type="submit" className="button main" disabled={picked.length === 0}>
            {words.add}
          </button>
        </div>
      </form>
    </Dialog>
  );
}
