import type { CommitHealth } from '@everywire/chat';
import type { Logger } from '@everywire/chat-server';
import { FailureEpisodes } from './failure-episodes.js';

const checkMs = 10_000;

/** How log lines refer to a store. */
export interface StorePlace {
  /** Its name at the beginning of a sentence. */
  readonly name: string;
  readonly disk: string;
  /** What to do when it cannot be written, without a full stop. */
  readonly remedy: string;
}

export interface StoreEvents {
  readonly onDiskFull: () => void;
  /** `reason`: a code or a few words. */
  readonly onCommitFailed: (reason: string) => void;
}

/** Logs events of a store for the operator, one line each, beginning with a stable code. `health` is called once the store is open. */
export function storeEvents({ name, disk, remedy }: StorePlace, log: Logger, health: () => CommitHealth): StoreEvents {
  const shared = { isWriting: () => health().lastCommitOk, now: () => performance.now() };
  const full = new FailureEpisodes({
    warn: (line) => log.warn(line),
    begins: () =>
      `disk_full: ${disk} is full. Sends and uploads are refused, reading works. Free some space; writing then resumes by itself.`,
    over: 'disk_full_over: There is room on the disk again. Sends and uploads are taken.',
    ...shared,
  });
  const failing = new FailureEpisodes({
    warn: (line) => log.error(line),
    begins: (reason) =>
      `store_failing: ${name} cannot be written (${reason}). Sends and uploads are refused. ${remedy}; writing is tried again every few seconds.`,
    over: 'store_failing_over: The store can be written again. Sends and uploads are taken.',
    ...shared,
  });
  setInterval(() => {
    full.check();
    failing.check();
  }, checkMs).unref();
  return {
    onDiskFull: () => full.met(),
    onCommitFailed: (reason) => failing.met(reason),
  };
}
