import type { ConversationEntry } from '@everywire/chat-client';
import { DamagedRow } from './damaged-row.js';
import { Day } from './day-pill.js';
import { GapRow } from './gap-row.js';
import { MessageRow } from './message-row.js';
import { RecalledRow } from './recalled-row.js';
import { ServiceWords } from './service-words.js';
import type { TimelineItem } from './timeline-items.js';
import { UnreadLine } from './unread-line.js';
import type { ItemActions } from './use-item-actions.js';

interface TimelineItemViewProps {
  readonly item: TimelineItem;
  readonly kind: ConversationEntry['kind'];
  readonly own: number;
  readonly tabStop: boolean;
  readonly marked: boolean;
  readonly picked: boolean | null;
  readonly actions: ItemActions;
}

/** Renders one item of the message list. */
export function TimelineItemView({ item, kind, own, tabStop, marked, picked, actions }: TimelineItemViewProps) {
  switch (item.type) {
    case 'day':
      return <Day at={item.at} />;
    case 'new':
      return <UnreadLine />;
    case 'gap':
      return <GapRow gapKey={item.key} loading={item.row.loading} onNear={actions.onGapNear} />;
    case 'damaged':
      return <DamagedRow />;
    case 'service':
      return (
        <p className="service">
          <ServiceWords who={item.row.sender} own={item.row.sender.id === own} change={item.row.change} kind={kind} />
        </p>
      );
    case 'message':
      return (
        <MessageRow
          row={item.row}
          head={item.head}
          tail={item.tail}
          stamped={item.stamped}
          lastWaiting={item.lastWaiting}
          group={kind === 'group'}
          tabStop={tabStop}
          marked={marked}
          picked={picked}
          actions={actions}
        />
      );
    case 'recalled':
      return <RecalledRow row={item.row} kind={kind} own={item.row.by.id === own} marked={marked} actions={actions} />;
  }
}
