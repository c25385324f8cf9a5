import { X } from 'lucide-react';
import { Icon } from '../design/icon.js';
import { Fill } from '../i18n/fill.js';
import { useWords } from '../i18n/words.js';
import { RowLine } from '../pane/row-line.js';
import type { ComposerMode } from './composer-mode.js';

/** Renders the bar above the field that shows the message being edited or replied to, with a button to cancel. */
export function ModeBar({ mode, onEnd }: { readonly mode: ComposerMode; readonly onEnd: () => void }) {
  const words = useWords();
  if (mode.kind === 'write') return null;
  const { row, kind } = mode;
  const { editing, replyingTo, cancelEditing, cancelReply } = words.messages;
  const name = row.own ? words.you : row.sender.displayName;
  return (
    <div className="mode">
      <p>
        <b>{kind === 'edit' ? editing : <Fill sentence={replyingTo} name={<bdi>{name}</bdi>} />}</b>
        <span dir="auto">
          <RowLine row={row} />
        </span>
      </p>
      <button type="button" aria-label={kind === 'edit' ? cancelEditing : cancelReply} onClick={onEnd}>
        <Icon of={X} size={16} />
      </button>
    </div>
  );
}
