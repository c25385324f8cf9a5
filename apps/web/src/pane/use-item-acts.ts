import type { MessageRowView, Timeline } from '@everywire/chat-client';
import { useMemo } from 'react';
import { codeOf } from '../app/backend.js';
import type { MessagePanel } from '../marks/message-panel.js';

/** What can be done with the items of a timeline. */
export interface ItemActs {
  readonly onRetry: (key: string) => void;
  /** Of a message that was not sent: its text goes back to the composer. */
  readonly onTakeBack: (key: string) => void;
  readonly onDiscard: (key: string) => void;
  readonly onGapSeen: (key: string, from: 'newer' | 'older') => void;
  /** To another message of this conversation. */
  readonly onGoTo: (sequence: number) => void;
  /** Opens the thread of this message; where it is open already, there is no way to it. */
  readonly onThread: ((root: number) => void) | null;
  readonly onPanel: (panel: MessagePanel) => void;
  readonly onCopyLink: (sequence: number) => void;
  /** Puts a message among those that are picked, or out; with `range`, all from the one picked last. */
  readonly onPick: (key: string, range: boolean) => void;
  readonly onReply: (row: MessageRowView) => void;
  readonly onEdit: (row: MessageRowView) => void;
  /** Of a message that was recalled from here: its text is put into the composer. */
  readonly onEditAgain: (text: string) => void;
  readonly onReact: (key: string, emoji: string, set: boolean) => void;
  readonly onPin: (key: string, set: boolean) => void;
  readonly onRecall: (key: string) => void;
  readonly onHide: (key: string) => void;
}

/** What the composer is asked to do, and where failures are told. */
export interface ActTargets {
  readonly putBack: (text: string) => void;
  readonly reply: (row: MessageRowView) => void;
  readonly edit: (row: MessageRowView) => void;
  readonly goTo: (sequence: number) => void;
  readonly copyLink: (sequence: number) => void;
  readonly thread: (root: number) => void;
  readonly panel: (panel: MessagePanel) => void;
  readonly pick: (key: string, range: boolean) => void;
  /** `null` as something is begun: what was said before is over. */
  readonly tell: (code: string | null) => void;
}

/** The same object for as long as the timeline is open, so that no row is drawn anew for it. */
export function useItemActs(
  timeline: Timeline,
  inThread: boolean,
  { putBack, reply, edit, goTo, copyLink, thread, panel, pick, tell }: ActTargets,
): ItemActs {
  return useMemo(() => {
    const attempt = (deed: Promise<unknown>): void => {
      tell(null);
      deed.catch((failure: unknown) => tell(codeOf(failure)));
    };
    return {
      onRetry: (key) => timeline.retry(key),
      onTakeBack: (key) => putBack(timeline.discard(key)),
      onDiscard: (key) => void timeline.discard(key),
      onGapSeen: (key, from) => timeline.fillGap(key, from),
      onGoTo: goTo,
      onCopyLink: copyLink,
      onPanel: panel,
      onPick: pick,
      onThread: inThread ? null : thread,
      onReply: reply,
      onEdit: edit,
      onEditAgain: putBack,
      onReact: (key, emoji, set) => attempt(timeline.react(key, emoji, set)),
      onPin: (key, set) => attempt(timeline.pin(key, set)),
      onRecall: (key) => attempt(timeline.recall(key)),
      onHide: (key) => attempt(timeline.hide([key])),
    };
  }, [timeline, inThread, putBack, reply, edit, goTo, copyLink, thread, panel, pick, tell]);
}
