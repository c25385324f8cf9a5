import { useState } from 'react';
import { useAttempt } from '../app/use-attempt.js';
import { Dialog } from '../design/dialog.js';
import { Problem } from '../design/problem.js';
import { useWords } from '../i18n/words.js';
import { Segments } from '../settings/option.js';
import { usePeopleWords } from './people-words.js';

interface DeletePersonDialogProps {
  readonly name: string;
  readonly onDelete: (texts: 'keep' | 'remove') => Promise<void>;
  readonly onClose: () => void;
  /** Moves the focus after closing and returns whether it did. */
  readonly onFocusBack: () => boolean;
}

/** Asks for confirmation before an account is deleted, and what happens to its messages. */
export function DeletePersonDialog({ name, onDelete, onClose, onFocusBack }: DeletePersonDialogProps) {
  const words = usePeopleWords();
  const { cancel } = useWords();
  const [texts, setTexts] = useState<'keep' | 'remove'>('keep');
  const { busy, problem, attempt } = useAttempt();
  const choices = [
    ['keep', words.keepTexts],
    ['remove', words.removeTexts],
  ] as const;
  return (
    <Dialog title={words.deleteTitle(name)} className="dialog-small" onClose={onClose} onFocusBack={onFocusBack}>
      <p>{words.deleteText}</p>
      <div className="deleted-texts">
        <Segments title={words.texts} value={texts} choices={choices} onChange={setTexts} />
        <p>{texts === 'keep' ? words.keepTextsHint : words.removeTextsHint}</p>
      </div>
      <div className="dialog-acts">
        <Problem code={problem} />
        <button type="button" className="button" onClick={onClose}>
          {cancel}
        </button>
        <button
          type="button"
          className="button danger"
          disabled={busy}
          onClick={() => void attempt(() => onDelete(texts))}
        >
          {words.deleteAccount}
        </button>
      </div>
    </Dialog>
  );
}
