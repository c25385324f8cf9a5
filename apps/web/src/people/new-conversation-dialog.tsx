import type { Person } from '@everywire/chat-client';
import { useChat, useClient } from '@everywire/chat-react';
import { type FormEvent, useState } from 'react';
import { useAttempt } from '../app/use-attempt.js';
import { Dialog } from '../design/dialog.js';
import { Problem } from '../design/problem.js';
import { TextField } from '../design/text-field.js';
import { useWords } from '../i18n/words.js';
import { PersonPicker } from './person-picker.js';
import { type Start, StartRow } from './start-row.js';

interface NewConversationDialogProps {
  /** Creates a group, which may start without other people. */
  readonly group: boolean;
  /** The people selected initially, for example the peer of a direct conversation. */
  readonly with: readonly Person[];
  readonly onClose: () => void;
  readonly onOpen: (conversation: number) => void;
  readonly onStart: (start: Start) => void;
}

/**
 * Renders the dialog that starts a conversation: one person makes a direct conversation, several make a group. The name comes first if a
 * group was requested; otherwise it comes last, so that the list of people does not move while selecting. A guest, who may do
 * neither, is offered the groups that anyone may join and the notes.
 */
export function NewConversationDialog(props: NewConversationDialogProps) {
  const words = useWords();
  const isGuest = useChat().me.guest === true;
  const { group, onClose, onOpen, onStart } = props;
  return (
    <Dialog
      title={group ? words.newGroup : words.newConversation}
      className="dialog-page dialog-people"
      onClose={onClose}
    >
      {isGuest ? (
        <>
          <StartRow onStart={onStart} onOpen={onOpen} />
          <p className="hint">{words.guestWaits}</p>
        </>
      ) : (
        <StartForm {...props} />
      )}
    </Dialog>
  );
}

function StartForm({ group, with: initially, onOpen, onStart }: NewConversationDialogProps) {
  const words = useWords();
  const client = useClient();
  const { me } = useChat();
  const [picked, setPicked] = useState<readonly Person[]>(initially);
  const [name, setName] = useState('');
  const { busy, problem, attempt } = useAttempt();
  const first = picked[0];
  const makesGroup = group || picked.length > 1;
  const ready = makesGroup ? name.trim() !== '' : first !== undefined;
  const create = async () => {
    if (!makesGroup && first !== undefined) return onOpen(client.direct(first.id));
    const people = picked.map((person) => person.id);
    onOpen(await client.createGroup(name.trim(), people));
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (ready) void attempt(create);
  };
  const groupWords = picked.length === 0 ? words.createEmptyGroup : words.createGroup(picked.length + 1);
  const nameField = (
    <TextField label={words.groupName} value={name} onChange={setName} autoComplete="off" first={group} />
  );
  return (
    <form onSubmit={submit}>
      {!group && picked.length === 0 && <StartRow onStart={onStart} onOpen={onOpen} />}
      <p className="hint">{group ? words.startGroupHint : words.newConversationHint}</p>
      {group && nameField}
      <PersonPicker picked={picked} onPicked={setPicked} without={new Set([me.id])} later={group} />
      {!group && makesGroup && nameField}
      <div className="dialog-acts">
        <Problem code={problem} />
        <button type="submit" className="button main" disabled={!ready || busy}>
          {makesGroup ? groupWords : words.chat}
        </button>
      </div>
    </form>
  );
}
