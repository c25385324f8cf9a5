import type { MessageRowView, Timeline, WaitingFile } from '@everywire/chat-client';
import { useMemo } from 'react';
import { codeOf } from '../app/backend.js';
import type { RestoredMessage } from '../composer/composer-handle.js';
import type { MessagePanel } from '../marks/message-panel.js';

/** What can be done with the items of a timeline. */
export interface ItemActions {
  readonly onRetry: (key: string) => void;
  /** Of a message that was not sent: it goes back to the composer, with its files and what it answers. `null` where nothing can be written. */
  readonly onTakeBack: ((key: string) => void) | null;
  readonly onDiscard: (key: string) => void;
  /** A file that waits with the message of this key, by its number. */
  readonly waitingFile: (key: string, number: number) => Promise<File | null>;
  readonly onGapSeen: (key: string, from: 'newer' | 'older') => void;
  /** To another message of this conversation. */
  readonly onGoTo: (sequence: number) => void;
  /** Opens the thread of this message; where it is open already, there is no way to it. */
  readonly onThread: ((root: number) => void) | null;
  readonly onPanel: (panel: MessagePanel) => void;
  readonly onCopyLink: (sequence: number) => void;
  /** Puts a message among those that are picked, or out; with `range`, all from the one picked last. */
  readonly onPick: (key: string, range: boolean) => void;
  /** `null` where nothing can be written. */
  readonly onReply: ((row: MessageRowView) => void) | null;
  /** `null` where nothing can be written. */
  readonly onEdit: ((row: MessageRowView) => void) | null;
  /** Of a message that was recalled from here: its text is put into the composer. `null` where nothing can be written. */
  readonly onEditAgain: ((text: string) => void) | null;
  readonly onReact: (key: string, emoji: string, set: boolean) => void;
  readonly onPin: (key: string, set: boolean) => void;
  readonly onRecall: (key: string) => void;
  readonly onHide: (key: string) => void;
}

/** What the composer is asked to do, and where failures are told. */
export interface ActionTargets {
  /** `null` where nothing can be written. */
  readonly restore: ((back: RestoredMessage) => void) | null;
  readonly reply: (row: MessageRowView) => void;
  readonly edit: (row: MessageRowView) => void;
  readonly goTo: (sequence: number) => void;
  readonly copyLink: (sequence: number) => void;
  readonly thread: (root: number) => void;
  readonly panel: (panel: MessagePanel) => void;
  readonly pick: (key: string, range: boolean) => void;
  /** `null` as something is begun: what was said before is over. */
  readonly reportFailure: (code: string | null) => void;
}

/** The same object for as long as the timeline is open, so that no row is drawn anew for it. */
export function useItemActions(
  timeline: Timeline,
  inThread: boolean,
  { restore, reply, edit, goTo, copyLink, thread, panel, pick, reportFailure }: ActionTargets,
): ItemActions {
  return useMemo(() => {
    const attempt = (action: Promise<unknown>): void => {
      reportFailure(null);
      action.catch((failure: unknown) => reportFailure(codeOf(failure)));
    };
    return {
      onRetry: (key) => timeline.retry(key),
      onTakeBack: restore === null ? null : (key) => void takeBack(timeline, key, restore, reply),
      onDiscard: (key) => void timeline.discard(key),
      waitingFile: (key, number) => timeline.waitingFile(key, number),
      onGapSeen: (key, from) => timeline.fillGap(key, from),
      onGoTo: goTo,
      onCopyLink: copyLink,
      onPanel: panel,
      onPick: pick,
      onThread: inThread ? null : thread,
      onReply: restore === null ? null : reply,
      onEdit: restore === null ? null : edit,
      onEditAgain: restore === null ? null : (text) => restore({ text }),
      onReact: (key, emoji, set) => attempt(timeline.react(key, emoji, set)),
      onPin: (key, set) => attempt(timeline.pin(key, set)),
      onRecall: (key) => attempt(timeline.recall(key)),
      onHide: (key) => attempt(timeline.hide([key])),
    };
  }, [timeline, inThread, restore, reply, edit, goTo, copyLink, thread, panel, pick, reportFailure]);
}

async function takeBack(
  timeline: Timeline,
  key: string,
  restore: (back: RestoredMessage) => void,
  reply: (row: MessageRowView) => void,
): Promise<void> {
  const { rows } = timeline.getSnapshot();
  const row = rows.find((one) => one.key === key);
  if (row?.type !== 'message') return;
  const { files, waitingFiles = [], mentions, quote } = row;
  // Read before the message is discarded, which forgets them.
  const local = waitingFiles.length === 0 ? [] : await readWaiting(timeline, key, waitingFiles);
  restore({ text: timeline.discard(key), files, local, mentions });
  if (quote?.state !== 'shown') return;
  const quoted = rows.find((one) => one.type === 'message' && one.sequence === quote.sequence);
  if (quoted?.type === 'message') reply(quoted);
}

async function readWaiting(timeline: Timeline, key: string, files: readonly WaitingFile[]): Promise<readonly File[]> {
  const read = await Promise.all(files.map(({ number }) => timeline.waitingFile(key, number)));
  return read.flatMap((file) => file ?? []);
}
