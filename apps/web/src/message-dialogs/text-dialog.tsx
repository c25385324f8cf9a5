import type { MessageRowView } from '@everywire/chat-client';
import { Dialog } from '../design/dialog.js';
import { scriptOf } from '../i18n/script-of.js';
import { useWords } from '../i18n/words.js';

interface TextDialogProps {
  readonly row: Pick<MessageRowView, 'text'>;
  readonly onClose: () => void;
}

/** Renders the text of a message for selecting parts by touch, because a long press in the conversation opens the menu. */
export function TextDialog({ row, onClose }: TextDialogProps) {
  const words = useWords().messages;
  return (
    <Dialog title={words.selectText} className="dialog-small dialog-marks" onClose={onClose}>
      <p>{words.selectTextHint}</p>
      <div className="marks-list">
        <p dir="auto" lang={scriptOf(row.text)}>
          {row.text}
        </p>
      </div>
    </Dialog>
  );
}
