import type { MessageRowView, Timeline } from '@everywire/chat-client';
import { PinOff } from 'lucide-react';
import { useRef } from 'react';
import { goToMessage } from '../app/route.js';
import { useAttempt } from '../app/use-attempt.js';
import { Dialog } from '../design/dialog.js';
import { Icon } from '../design/icon.js';
import { Problem } from '../design/problem.js';
import { Fill } from '../i18n/fill.js';
import { useWords } from '../i18n/words.js';
import { RowLine } from '../pane/row-line.js';
import { When } from './when.js';

interface PinsDialogProps {
  readonly pins: readonly MessageRowView[];
  readonly conversation: number;
  readonly timeline: Timeline;
  readonly onClose: () => void;
}

/** Renders all pinned messages, the latest pin first, with links to their places. */
export function PinsDialog({ pins, conversation, timeline, onClose }: PinsDialogProps) {
  const words = useWords().messages;
  const { problem, attempt } = useAttempt();
  const sorted = [...pins].sort((a, b) => (b.pinned?.at ?? 0) - (a.pinned?.at ?? 0));
  const chosen = useRef<number | null>(null);
  const goTo = (sequence: number) => {
    chosen.current = sequence;
    onClose();
  };
  const lead = () => {
    if (chosen.current !== null) goToMessage(conversation, chosen.current);
    return chosen.current !== null;
  };
  return (
    <Dialog title={words.pins} className="dialog-small dialog-marks" onClose={onClose} onFocusBack={lead}>
      {pins.length === 0 && <p role="status">{words.noPins}</p>}
      <ul className="marks-list">
        {sorted.map((row) => (
          <li key={row.key} className="pin-row">
            <button type="button" onClick={() => goTo(row.sequence ?? 0)}>
              <small>
                <bdi>{row.sender.displayName}</bdi> <When at={row.sentAt} />
              </small>
              <span dir="auto">
                <RowLine row={row} />
              </span>
              {row.pinned !== null && (
                <small>
                  <Fill sentence={words.pinnedBy} name={<bdi>{row.pinned.by.displayName}</bdi>} />
                </small>
              )}
            </button>
            <button
              type="button"
              className="icon"
              aria-label={words.unpin}
              title={words.unpin}
              onClick={() => void attempt(() => timeline.pin(row.key, false))}
            >
              <Icon of={PinOff} size={16} />
            </button>
          </li>
        ))}
      </ul>
      <Problem code={problem} />
    </Dialog>
  );
}
