import type { MessageRowView, Timeline } from '@everywire/chat-client';
import { ConfirmDialog } from '../details/confirm-dialog.js';
import { useWords } from '../i18n/words.js';

interface HideDialogProps {
  readonly rows: readonly MessageRowView[];
  readonly timeline: Timeline;
  readonly onClose: () => void;
  readonly onDone: () => void;
}

/** Asks for confirmation before several messages are deleted for the user only. */
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
