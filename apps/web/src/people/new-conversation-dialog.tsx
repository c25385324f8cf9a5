import type { Person } from '@everywire/chat-client';
import { type FormEvent, useState } from 'react';
import { codeOf } from '../app/backend.js';
import { useChat, useClient } from '../app/client-context.js';
import { errorWords, sentence, useWords } from '../i18n/words.js';
import { Dialog } from '../look/dialog.js';
import { TextField } from '../look/text-field.js';
import { PersonPicker } from './person-picker.js';

interface NewConversationDialogProps {
  /** A group may begin with nobody else in it. */
  readonly group: boolean;
  /** Picked from the start: the other person of a direct conversation that grows into a group. */
  readonly with?: readonly Person[];
  readonly onClose: () => void;
  readonly onOpen: (conversation: number) => void;
}

/** Pick one person and talk; pick several, give it a name, and it is a group. */
export function NewConversationDialog({ group, with: initially = [], onClose, onOpen }: NewConversationDialogProps) {
  const words = useWords();
  const client = useClient();
  const { me } = useChat();
  const [picked, setPicked] = useState<readonly Person[]>(initially);
  const [name, setName] = useState('');
  const [problem, setProblem] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const makesGroup = group || picked.length > 1;
  const first = picked[0];
  const ready = makesGroup ? name.trim() !== '' : first !== undefined;

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (!ready || busy) return;
    setBusy(true);
    setProblem(null);
    try {
      const people = picked.map((person) => person.id);
      onOpen(
        makesGroup || first === undefined
          ? await client.createGroup(name.trim(), people)
          : await client.createDirect(first.id),
      );
    } catch (error) {
      setProblem(codeOf(error));
      setBusy(false);
    }
  };

  return (
    <Dialog
      title={group ? words.newGroup : words.newConversation}
      className="dialog-page dialog-people"
      onClose={onClose}
    >
      <form onSubmit={submit}>
        <p className="hint">{group ? words.startGroupHint : words.newConversationHint}</p>
        <PersonPicker picked={picked} onPicked={setPicked} without={new Set([me.id])} />
        {makesGroup && <TextField label={words.groupName} value={name} onChange={setName} autoComplete="off" />}
        <div className="dialog-acts">
          <span className="problem" role="alert">
            {problem !== null && sentence(errorWords(words, problem))}
          </span>
          <button type="submit" className="button main" disabled={!ready || busy}>
            {submitWords(words, makesGroup, picked.length)}
          </button>
        </div>
      </form>
    </Dialog>
  );
}

function submitWords(words: ReturnType<typeof useWords>, makesGroup: boolean, picked: number): string {
  if (!makesGroup) return words.chat;
  return picked === 0 ? words.createEmptyGroup : words.createGroup(picked + 1);
}
