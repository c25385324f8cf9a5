import type { ConversationEntry, MessageRowView, Person, Timeline, TimelineSnapshot } from '@everywire/chat-client';
import { ReactDialog } from '../emoji/react-dialog.js';
import { ProfileDialog } from '../people/profile-dialog.js';
import { ForwardDialog } from './forward-dialog.js';
import { HideDialog } from './hide-dialog.js';
import { type PicturePlace, PictureViewer } from './picture-viewer.js';
import { PinsDialog } from './pins-dialog.js';
import { ReadersDialog } from './readers-dialog.js';
import { TextDialog } from './text-dialog.js';
import { VersionsDialog } from './versions-dialog.js';

/** A dialog about messages of the conversation. */
export type MessagePanel =
  | { readonly kind: 'versions' | 'readers' | 'react' | 'text'; readonly row: MessageRowView }
  | { readonly kind: 'forward'; readonly rows: readonly MessageRowView[] }
  | { readonly kind: 'hide'; readonly rows: readonly MessageRowView[] }
  | ({ readonly kind: 'picture' } & PicturePlace)
  | { readonly kind: 'profile'; readonly person: Person }
  | { readonly kind: 'pins' };

interface MessagePanelProps {
  readonly panel: MessagePanel;
  readonly entry: ConversationEntry;
  readonly timeline: Timeline;
  readonly snapshot: TimelineSnapshot;
  readonly onClose: () => void;
  /** Called after the action of the panel has succeeded. */
  readonly onDone: () => void;
}

/** Renders the open panel. */
export function MessagePanelView({ panel, entry, timeline, snapshot, onClose, onDone }: MessagePanelProps) {
  switch (panel.kind) {
    case 'forward':
      return <ForwardDialog rows={panel.rows} timeline={timeline} onClose={onClose} onDone={onDone} />;
    case 'hide':
      return <HideDialog rows={panel.rows} timeline={timeline} onClose={onClose} onDone={onDone} />;
    case 'react':
      return <ReactDialog row={panel.row} timeline={timeline} onClose={onClose} />;
    case 'versions':
      return <VersionsDialog row={panel.row} timeline={timeline} onClose={onClose} />;
    case 'readers':
      return <ReadersDialog row={panel.row} timeline={timeline} onClose={onClose} />;
    case 'text':
      return <TextDialog row={panel.row} onClose={onClose} />;
    case 'picture':
      return <PictureViewer entry={entry} timeline={timeline} snapshot={snapshot} onClose={onClose} first={panel} />;
    case 'profile':
      return <ProfileDialog person={panel.person} onClose={onClose} />;
    case 'pins':
      return <PinsDialog pins={snapshot.pins} conversation={entry.id} timeline={timeline} onClose={onClose} />;
  }
}
