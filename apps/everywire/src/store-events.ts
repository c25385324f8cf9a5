import type { CommitHealth } from '@everywire/chat';
import type { Logger } from '@everywire/chat-server';
import { FailureEpisodes } from './failure-episodes.js';

const CHECK_MS = 10_000;

/** How log lines refer to a store. */
export interface StorePlace {
  /** Its name at the beginning of a sentence. */
  readonly name: string;
  readonly disk: string;
  /** The remedy if it cannot be written, without a full stop. */
  readonly remedy: string;
}

/** The callbacks by which a store reports failed writes. */
export interface StoreEvents {
  readonly onDiskFull: () => void;
  /** `reason`: a code or a few words. */
  readonly onCommitFailed: (reason: string) => void;
}

/**
 * Logs events of a store for the operator, one line each, beginning with a stable code. `health` is called once the
 * store is open.
 */
export function storeEvents({ name, disk, remedy }: StorePlace, log: Logger, health: () => CommitHealth): StoreEvents {
  const shared = { isWriting: () => health().lastCommitOk, now: () => performance.now() };
  const full = new FailureEpisodes({
    warn: (line) => log.warn(line),
    begins: () =>
      `disk_full: ${disk} is full. Messages and uploads are refused; reading works. Free some space; writing then resumes automatically.`,
    over: 'disk_full_over: The disk has free space again. Messages and uploads are accepted.',
    ...shared,
  });
  const failing = new FailureEpisodes({
    warn: (line) => log.error(line),
    begins: (reason) =>
      `store_failing: ${name} cannot be written (${reason}). Messages and uploads are refused. ${remedy}; writing is retried every few seconds.`,
    over: 'store_failing_over: The store can be written again. Messages and uploads are accepted.',
    ...shared,
  });
  setInterval(() => {
    full.check();
    failing.check();
  }, CHECK_MS).unref();
  return {
    onDiskFull: () => full.met(),
    onCommitFailed: (reason) => failing.met(reason),
  };
}
