import type { Timeline } from '@everywire/chat-client';
import { useTimelineSnapshot } from '@everywire/chat-react';
import { X } from 'lucide-react';
import { Icon } from '../design/icon.js';
import { Fill } from '../i18n/fill.js';
import { errorWords, sentence, useWords } from '../i18n/words.js';
import { RowLine } from '../pane/row-line.js';
import { type ComposerMode, isGone } from './composer-mode.js';

interface ModeBarProps {
  readonly mode: ComposerMode;
  readonly timeline: Timeline;
  readonly onEnd: () => void;
}

/** Renders the bar above the field that shows the message being edited or replied to, with a button to cancel. */
export function ModeBar({ mode, timeline, onEnd }: ModeBarProps) {
  return mode.kind === 'write' ? null : <OpenBar mode={mode} timeline={timeline} onEnd={onEnd} />;
}

function OpenBar({
  mode,
  timeline,
  onEnd,
}: ModeBarProps & { readonly mode: Exclude<ComposerMode, { kind: 'write' }> }) {
  const words = useWords();
  const gone = isGone(mode, useTimelineSnapshot(timeline));
  const { row, kind } = mode;
  const { editing, replyingTo, cancelEditing, cancelReply } = words.messages;
  const name = row.own ? words.you : row.sender.displayName;
  return (
    <div className="mode">
      <p>
        <b>{kind === 'edit' ? editing : <Fill sentence={replyingTo} name={<bdi>{name}</bdi>} />}</b>
        <span dir="auto">{gone ? sentence(errorWords(words, 'message_gone')) : <RowLine row={row} />}</span>
      </p>
      <button type="button" aria-label={kind === 'edit' ? cancelEditing : cancelReply} onClick={onEnd}>
        <Icon of={X} size={16} />
      </button>
    </div>
  );
}
