import type { ConversationEntry, MessageRowView, Timeline, TimelineSnapshot } from '@everywire/chat-client';
import { ForwardDialog } from './forward-dialog.js';
import { HideDialog } from './hide-dialog.js';
import { PictureViewer } from './picture-viewer.js';
import { PinsDialog } from './pins-dialog.js';
import { ReadersDialog } from './readers-dialog.js';
import { VersionsDialog } from './versions-dialog.js';

/** What opens above the conversation about its messages. */
export type MessagePanel =
  | { readonly kind: 'versions' | 'readers'; readonly row: MessageRowView }
  | { readonly kind: 'forward'; readonly rows: readonly MessageRowView[] }
  | { readonly kind: 'hide'; readonly rows: readonly MessageRowView[] }
  /** One picture of the conversation, by the id of its file. */
  | { readonly kind: 'picture'; readonly file: string }
  | { readonly kind: 'pins' };

interface MessagePanelProps {
  readonly panel: MessagePanel;
  readonly entry: ConversationEntry;
  readonly timeline: Timeline;
  readonly snapshot: TimelineSnapshot;
  readonly onClose: () => void;
  /** What was asked for is done, beyond being closed. */
  readonly onDone: () => void;
}

export function MessagePanelView({ panel, entry, timeline, snapshot, onClose, onDone }: MessagePanelProps) {
  switch (panel.kind) {
    case 'forward':
      return <ForwardDialog rows={panel.rows} timeline={timeline} onClose={onClose} onDone={onDone} />;
    case 'hide':
      return <HideDialog rows={panel.rows} timeline={timeline} onClose={onClose} onDone={onDone} />;
    case 'versions':
      return <VersionsDialog row={panel.row} timeline={timeline} onClose={onClose} />;
    case 'readers':
      return <ReadersDialog row={panel.row} timeline={timeline} onClose={onClose} />;
    case 'picture':
      return <PictureViewer {...{ entry, timeline, snapshot, onClose }} first={panel.file} />;
    case 'pins':
      return <PinsDialog pins={snapshot.pins} conversation={entry.id} timeline={timeline} onClose={onClose} />;
  }
}
