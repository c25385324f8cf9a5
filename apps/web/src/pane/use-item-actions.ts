import type { MessageRowView, Timeline, WaitingFile } from '@everywire/chat-client';
import { useMemo } from 'react';
import { codeOf } from '../app/backend.js';
import type { RestoredMessage } from '../composer/composer-handle.js';
import type { MessagePanel } from '../message-dialogs/message-panel.js';

/** The actions on the items of a timeline. */
export interface ItemActions {
  readonly onRetry: (key: string) => void;
  /** Moves an unsent message back to the composer, with its files and its quote. `null` if the user cannot write. */
  readonly onTakeBack: ((key: string) => void) | null;
  readonly onDiscard: (key: string) => void;
  /** Returns a file that waits with the message of this key, by its number. */
  readonly waitingFile: (key: string, number: number) => Promise<File | null>;
  readonly onGapNear: (key: string) => void;
  /** Goes to another message of this conversation. */
  readonly onGoTo: (sequence: number) => void;
  /** Opens the thread of this message; `null` inside a thread. */
  readonly onThread: ((root: number) => void) | null;
  readonly onPanel: (panel: MessagePanel) => void;
  readonly onCopyLink: (sequence: number) => void;
  /** Toggles the selection of a message; with `range`, selects all from the one toggled last. */
  readonly onPick: (key: string, range: boolean) => void;
  /** `null` if the user cannot write. */
  readonly onReply: ((row: MessageRowView) => void) | null;
  /** `null` if the user cannot write. */
  readonly onEdit: ((row: MessageRowView) => void) | null;
  /** Puts the text of a message recalled here into the composer. `null` if the user cannot write. */
  readonly onEditAgain: ((text: string) => void) | null;
  readonly onReact: (key: string, emoji: string, set: boolean) => void;
  readonly onPin: (key: string, set: boolean) => void;
  readonly onRecall: (key: string) => void;
  readonly onHide: (key: string) => void;
}

/** The callbacks of the composer and the pane that actions use. */
export interface ActionTargets {
  /** `null` if the user cannot write. */
  readonly restore: ((back: RestoredMessage) => void) | null;
  readonly reply: (row: MessageRowView) => void;
  readonly edit: (row: MessageRowView) => void;
  readonly goTo: (sequence: number) => void;
  readonly copyLink: (sequence: number) => void;
  readonly thread: (root: number) => void;
  readonly panel: (panel: MessagePanel) => void;
  readonly pick: (key: string, range: boolean) => void;
  /** Reports an error code, or `null` to clear the previous error when a new action begins. */
  readonly reportFailure: (code: string | null) => void;
}

/** Returns the actions. The object is stable while the timeline is open, so that no row renders again. */
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
      onGapNear: (key) => timeline.fillGap(key, 'older'),
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
  // Read before `discard`, which deletes them.
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
