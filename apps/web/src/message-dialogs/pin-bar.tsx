import type { MessageRowView } from '@everywire/chat-client';
import { List, Pin } from 'lucide-react';
import { Icon } from '../design/icon.js';
import { useWords } from '../i18n/words.js';
import { RowLine } from '../pane/row-line.js';
import './marks.css';

interface PinBarProps {
  readonly pins: readonly MessageRowView[];
  readonly onGoTo: (sequence: number) => void;
  readonly onAll: () => void;
}

/** Renders the bar above the messages with the latest pin and a button for all pins. */
export function PinBar({ pins, onGoTo, onAll }: PinBarProps) {
  const words = useWords().messages;
  const last = pins.reduce((one, other) => ((other.pinned?.at ?? 0) > (one.pinned?.at ?? 0) ? other : one));
  return (
    <div className="pin-bar">
      <button type="button" className="pin-last" title={words.toQuoted} onClick={() => onGoTo(last.sequence ?? 0)}>
        <Icon of={Pin} size={16} />
        <bdi>{last.sender.displayName}</bdi>
        <span dir="auto">
          <RowLine row={last} />
        </span>
      </button>
      <button type="button" className="text-button" onClick={onAll}>
        <Icon of={List} size={16} />
        {words.allPins(pins.length)}
      </button>
    </div>
  );
}
