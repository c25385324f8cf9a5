import { useAttempt } from '../app/use-attempt.js';
import { Dialog } from '../design/dialog.js';
import { Problem } from '../design/problem.js';
import { useWords } from '../i18n/words.js';

interface ConfirmDialogProps {
  readonly title: string;
  readonly text: string;
  readonly act: string;
  readonly onAct: () => Promise<void>;
  readonly onClose: () => void;
}

/** Asks for confirmation before an action that cannot simply be undone. */
export function ConfirmDialog({ title, text, act, onAct, onClose }: ConfirmDialogProps) {
  const words = useWords();
  const { busy, problem, attempt } = useAttempt();
  const confirm = async () => {
    await onAct();
    onClose();
  };
  return (
    <Dialog title={title} className="dialog-small" onClose={onClose}>
      <p>{text}</p>
      <div className="dialog-acts">
        <Problem code={problem} />
        <button type="button" className="button" onClick={onClose}>
          {words.cancel}
        </button>
        <button type="button" className="button danger" disabled={busy} onClick={() => void attempt(confirm)}>
          {act}
        </button>
      </div>
    </Dialog>
  );
}
