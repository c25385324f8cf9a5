import type { Log } from '@everywire/chat-server';
import type { CommitHealth, SqliteStoreOptions } from '@everywire/store-sqlite';
import { FailureEpisodes } from './failure-episodes.js';

const checkMs = 10_000;

type Handlers = Required<Pick<SqliteStoreOptions, 'onAcknowledgedLost' | 'onDiskFull' | 'onCommitFailed'>>;

/** What an operator has to hear of the store at `file`, one line each, beginning with a stable code. `health` is asked once the store is open. */
export function storeEvents(file: string, log: Log, health: () => CommitHealth): Handlers {
  const shared = { isWriting: () => health().lastCommitOk, now: () => performance.now() };
  const full = new FailureEpisodes({
    warn: (line) => log.warn(line),
    begins: () =>
      'disk_full: The disk is full. Sends and uploads are refused, reading works. Free some space; writing then resumes by itself.',
    over: 'disk_full_over: There is room on the disk again. Sends and uploads are taken.',
    ...shared,
  });
  const failing = new FailureEpisodes({
    warn: (line) => log.error(line),
    begins: (code) =>
      `store_failing: ${file} cannot be written (${code}). Sends and uploads are refused, reading works. Look at the disk, its quota, the limits of the process and other programs that use the file; ` +
      'writing is tried again every few seconds.',
    over: 'store_failing_over: The store can be written again. Sends and uploads are taken.',
    ...shared,
  });
  setInterval(() => {
    full.check();
    failing.check();
  }, checkMs).unref();
  return {
    onDiskFull: () => full.met(),
    onCommitFailed: (code) => failing.met(code),
    onAcknowledgedLost: ({ acknowledged, stored, missing }) =>
      log.error(
        `acknowledged_lost: ${missing} acknowledged ${missing === 1 ? 'change is' : 'changes are'} missing from ${file}. ` +
          `It ends at position ${stored}, and ${acknowledged} was acknowledged: its write-ahead log was cut, damaged or removed, ` +
          'or an older copy was put in its place. The store gets a new epoch, so clients fetch everything again and offer to send again ' +
          'what they had sent. Look at the disk, and restore a backup if one is newer.',
      ),
  };
}
