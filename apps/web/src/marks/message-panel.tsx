import type { ConversationEntry, MessageRowView, Timeline } from '@everywire/chat-client';
import { ForwardDialog } from './forward-dialog.js';
import { PinsDialog } from './pins-dialog.js';
import { ReadersDialog } from './readers-dialog.js';
import { VersionsDialog } from './versions-dialog.js';

/** What opens above the conversation about its messages. */
export type MessagePanel =
  | { readonly kind: 'forward' | 'versions' | 'readers'; readonly row: MessageRowView }
  | { readonly kind: 'pins' };

interface MessagePanelProps {
  readonly panel: MessagePanel;
  readonly entry: ConversationEntry;
  readonly timeline: Timeline;
  readonly pins: readonly MessageRowView[];
  readonly onClose: () => void;
}

export function MessagePanelView({ panel, entry, timeline, pins, onClose }: MessagePanelProps) {
  switch (panel.kind) {
    case 'forward':
      return <ForwardDialog row={panel.row} timeline={timeline} onClose={onClose} />;
    case 'versions':
      return <VersionsDialog row={panel.row} timeline={timeline} onClose={onClose} />;
    case 'readers':
      return <ReadersDialog row={panel.row} timeline={timeline} onClose={onClose} />;
    case 'pins':
      return <PinsDialog pins={pins} conversation={entry.id} timeline={timeline} onClose={onClose} />;
  }
}
