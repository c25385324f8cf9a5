import type { ConversationEntry } from '@everywire/chat-client';
import { useClient } from '@everywire/chat-react';
import { type FormEvent, useState } from 'react';
import { useAttempt } from '../app/use-attempt.js';
import { useWords } from '../i18n/words.js';
import { Dialog } from '../look/dialog.js';
import { Problem } from '../look/problem.js';
import { TextField } from '../look/text-field.js';

export function RenameDialog({ entry, onClose }: { readonly entry: ConversationEntry; readonly onClose: () => void }) {
  const words = useWords();
  const client = useClient();
  const [name, setName] = useState(entry.title);
  const { busy, problem, attempt } = useAttempt();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void attempt(async () => {
      if (name.trim() !== entry.title) await client.rename(entry.id, name.trim());
      onClose();
    });
  };
  return (
    <Dialog title={words.rename} className="dialog-small" onClose={onClose}>
      <form className="dialog-form" onSubmit={submit}>
        <TextField label={words.groupName} value={name} onChange={setName} autoComplete="off" />
        <div className="dialog-acts">
          <Problem code={problem} />
          <button type="button" className="button" onClick={onClose}>
            {words.cancel}
          </button>
          <button type="submit" className="button main" disabled={name.trim() === '' || busy}>
            {words.save}
          </button>
        </div>
      </form>
    </Dialog>
  );
}
