import { useState } from 'react';
import { codeOf } from '../app/backend.js';
import { errorWords, sentence, useWords } from '../i18n/words.js';
import { Dialog } from '../look/dialog.js';

interface ConfirmDialogProps {
  readonly title: string;
  readonly text: string;
  readonly act: string;
  readonly onAct: () => Promise<void>;
  readonly onClose: () => void;
}

/** Asks before what cannot simply be undone. */
export function ConfirmDialog({ title, text, act, onAct, onClose }: ConfirmDialogProps) {
  const words = useWords();
  const [problem, setProblem] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const confirm = async () => {
    setBusy(true);
    setProblem(null);
    try {
      await onAct();
      onClose();
    } catch (error) {
      setProblem(codeOf(error));
      setBusy(false);
    }
  };
  return (
    <Dialog title={title} className="dialog-small" onClose={onClose}>
      <p>{text}</p>
      <div className="dialog-acts">
        <span className="problem" role="alert">
          {problem !== null && sentence(errorWords(words, problem))}
        </span>
        <button type="button" className="button" onClick={onClose}>
          {words.cancel}
        </button>
        <button type="button" className="button danger" disabled={busy} onClick={() => void confirm()}>
          {act}
        </button>
      </div>
    </Dialog>
  );
}
