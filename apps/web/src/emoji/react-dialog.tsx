import type { MessageRowView, Timeline } from '@everywire/chat-client';
import { useAttempt } from '../app/use-attempt.js';
import { Dialog } from '../design/dialog.js';
import { Problem } from '../design/problem.js';
import { useWords } from '../i18n/words.js';
import { EmojiPicker } from './emoji-picker.js';
import { addRecentEmoji } from './recent-emojis.js';

interface ReactDialogProps {
  readonly row: MessageRowView;
  readonly timeline: Timeline;
  readonly onClose: () => void;
}

/** Renders the dialog to react to a message with any emoji. */
export function ReactDialog({ row, timeline, onClose }: ReactDialogProps) {
  const words = useWords().emojis;
  const { problem, attempt } = useAttempt();
  const react = (emoji: string) =>
    attempt(async () => {
      addRecentEmoji(emoji);
      await timeline.react(row.key, emoji, true);
      onClose();
    });
  return (
    <Dialog title={words.react} className="dialog-small dialog-emojis" onClose={onClose}>
      <Problem code={problem} />
      <EmojiPicker onPick={(emoji) => void react(emoji)} />
    </Dialog>
  );
}
