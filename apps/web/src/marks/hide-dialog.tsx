import type { MessageRowView, Timeline } from '@everywire/chat-client';
import { ConfirmDialog } from '../details/confirm-dialog.js';
import { useWords } from '../i18n/words.js';

interface HideDialogProps {
  readonly rows: readonly MessageRowView[];
  readonly timeline: Timeline;
  readonly onClose: () => void;
  readonly onDone: () => void;
}

/** Asks before several messages are taken out of one's own view: one slip of the hand would take many. */
export function HideDialog({ rows, timeline, onClose, onDone }: HideDialogProps) {
  const words = useWords().messages;
  return (
    <ConfirmDialog
      title={words.hideTitle(rows.length)}
      text={words.hideWords}
      act={words.hideForMe}
      onAct={async () => {
        await timeline.hide(rows.map(({ key }) => key));
        onDone();
      }}
      onClose={onClose}
    />
  );
}
