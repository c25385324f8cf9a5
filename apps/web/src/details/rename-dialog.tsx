import type { ConversationEntry } from '@everywire/chat-client';
import { type FormEvent, useState } from 'react';
import { codeOf } from '../app/backend.js';
import { useClient } from '../app/client-context.js';
import { errorWords, sentence, useWords } from '../i18n/words.js';
import { Dialog } from '../look/dialog.js';
import { TextField } from '../look/text-field.js';

export function RenameDialog({ entry, onClose }: { readonly entry: ConversationEntry; readonly onClose: () => void }) {
  const words = useWords();
  const client = useClient();
  const [name, setName] = useState(entry.title);
  const [problem, setProblem] = useState<string | null>(null);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    try {
      if (name.trim() !== entry.title) await client.rename(entry.id, name.trim());
      onClose();
    } catch (error) {
      setProblem(codeOf(error));
    }
  };
  return (
    <Dialog title={words.rename} className="dialog-small" onClose={onClose}>
      <form className="dialog-form" onSubmit={submit}>
        <TextField label={words.groupName} value={name} onChange={setName} autoComplete="off" />
        <div className="dialog-acts">
          <span className="problem" role="alert">
            {problem !== null && sentence(errorWords(words, problem))}
          </span>
          <button type="button" className="button" onClick={onClose}>
            {words.cancel}
          </button>
          <button type="submit" className="button main" disabled={name.trim() === ''}>
            {words.save}
          </button>
        </div>
      </form>
    </Dialog>
  );
}
