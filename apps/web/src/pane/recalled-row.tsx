import type { ConversationEntry, TimelineRow } from '@everywire/chat-client';
import { useWords } from '../i18n/words.js';
import { Replies } from './message-marks.js';
import { ServiceWords } from './service-words.js';
import type { ItemActions } from './use-item-actions.js';

interface RecalledRowProps {
  readonly row: Extract<TimelineRow, { readonly type: 'recalled' }>;
  readonly kind: ConversationEntry['kind'];
  /** Whether the signed-in user recalled it. */
  readonly own: boolean;
  /** A jump led to this message just now. */
  readonly marked: boolean;
  readonly actions: Pick<ItemActions, 'onEditAgain' | 'onThread'>;
}

/** Renders the placeholder of a recalled message. The user who recalled it on this page can edit its text and send it again. */
export function RecalledRow({ row, kind, own, marked, actions }: RecalledRowProps) {
  const words = useWords().messages;
  const { text } = row;
  const { onEditAgain } = actions;
  return (
    <p className={marked ? 'service recalled marked' : 'service recalled'} data-key={row.key} tabIndex={-1}>
      <span>
        <ServiceWords who={row.by} own={own} change={{ change: 'recalled' }} kind={kind} />
      </span>
      {text !== null && text !== '' && onEditAgain !== null && (
        <button type="button" className="text-button" onClick={() => onEditAgain(text)}>
          {words.editAgain}
        </button>
      )}
      <Replies row={row} onThread={actions.onThread} />
    </p>
  );
}
