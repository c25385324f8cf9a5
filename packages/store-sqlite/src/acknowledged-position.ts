import type { Epoch } from '@everywire/chat';
import { AlteredRow } from './damage/damage-log.js';
import type { Database, Statement } from './database/database.js';
import type { CommitObserver } from './group-commit.js';
import { isEmptyDatabase } from './migrate.js';
import { type KeptPosition, PositionFile } from './position-file.js';
import { StoreFileError } from './store-file-error.js';

/** Acknowledged commits that a store lacks when it is opened. A position is a number of changes of the store. */
export interface AcknowledgedLoss {
  /** The last acknowledged position. */
  readonly acknowledged: number;
  /** The last position that the store has. */
  readonly stored: number;
  /**
   * The difference of the two positions, at least 1. Each position stands for one change or one group of smaller ones.
   */
  readonly missing: number;
}

/** Options of an `AcknowledgedPosition`. */
export interface AcknowledgedPositionOptions {
  /** Milliseconds between two syncs of the position file. */
  readonly syncMs: number;
  /** Called once for each loss, before anything is changed. */
  readonly onLost: (loss: AcknowledgedLoss) => void;
}

/**
 * Records the position of the last acknowledged commit in `file.position`, next to the database `file`. So the next
 * start detects whether the store has lost the end of its write-ahead log, and with it acknowledged commits.
 *
 * - The position is the store's stamp (CH-14), a counter that rises in every commit that writes anything.
 * - The position is written after COMMIT has returned and before any promise of the group settles. So an intact store
 *   is never behind the position, whenever the process is killed. The file is synced only every `syncMs`: after a power
 *   cut, a loss within this time may stay undetected.
 * - A position of another epoch (history of the store) is ignored, because the store was restored meanwhile.
 * - If the file cannot be written, only the detection fails; the next sync tries again.
 *
 * On a loss, the store gets a new epoch (CH-26).
 */
export class AcknowledgedPosition implements CommitObserver {
  readonly #file: string;
  readonly #syncMs: number;
  readonly #changesSoFar: Statement<[], number>;
  readonly #stamp: Statement<[], number>;
  readonly #raise: Statement;
  readonly #epoch: Epoch;
  /**
   * When the store was last closed or committed to before this opening, milliseconds since the epoch; `null` if
   * unknown.
   */
  readonly lastWrittenAt: number | null;
  /** Returns the time of a write, milliseconds since the epoch. */
  #now: () => number = Date.now;
  #slots: PositionFile | null = null;
  /** The position after the last commit. */
  #position: number;
  /**
   * The connection's count of changed rows when it was last read. It is read only if a commit did not raise the stamp.
   */
  #changes = 0;
  /** The position of the commit in progress. */
  #pending: number | null = null;
  #due: NodeJS.Timeout | null = null;

  constructor(database: Database, file: string, { syncMs, onLost }: AcknowledgedPositionOptions) {
    this.#file = `${file}.position`;
    this.#syncMs = syncMs;
    this.#changesSoFar = database.prepare<[], number>('SELECT total_changes() FROM store WHERE only = 1').pluck();
    this.#stamp = database.prepare<[], number>('SELECT stamp FROM store WHERE only = 1').pluck();
    this.#raise = database.prepare('UPDATE store SET stamp = stamp + 1 WHERE only = 1');
    this.#position = this.#read();
    const kept = PositionFile.read(this.#file);
    this.lastWrittenAt = kept?.at ?? null;
    this.#epoch = checkedEpoch(database, kept, this.#position, onLost);
    // A process that ends before it writes anything does not change the time of the last write.
    this.#write(this.lastWrittenAt ?? Date.now());
  }

  /** Uses `now`, in milliseconds since the epoch, in place of the system clock. */
  followClock(now: () => number): void {
    this.#now = now;
  }

  /**
   * Ignores the writes so far. The opening of the store makes them outside of groups, so they do not raise the stamp.
   */
  rebase(): void {
    this.#changes = this.#changesSoFar.get() ?? 0;
  }

  beforeCommit(): void {
    this.#pending = this.#read();
    // Each message raises the stamp, so only other changes need the second check, of the changed rows. A change that
    // wrote nothing may raise the stamp needlessly.
    if (this.#pending > this.#position || this.#changesSoFar.get() === this.#changes) return;
    this.#raise.run();
    this.#pending = this.#read();
    this.rebase();
  }

  committed(): void {
    if (this.#pending === null || this.#pending === this.#position) return;
    this.#position = this.#pending;
    this.#write(this.#now());
  }

  close(): void {
    if (this.#due !== null) clearTimeout(this.#due);
    this.#due = null;
    try {
      this.#slots?.write(this.#kept(this.#now()));
      this.#slots?.close();
    } catch {
      // Ignored: the recorded position may then be older than the store, which is harmless, as after a power cut.
    }
    this.#slots = null;
  }

  #read(): number {
    const stamp = this.#stamp.get();
    if (stamp === undefined) throw new AlteredRow('the row of the table store is missing');
    return stamp;
  }

  #kept(at: number): KeptPosition {
    return { epoch: this.#epoch, position: this.#position, at };
  }

  #write(at: number): void {
    try {
      if (this.#slots === null && this.#due === null) this.#slots = PositionFile.open(this.#file);
      this.#slots?.write(this.#kept(at));
    } catch {
      this.#giveUpFile();
    }
    this.#due ??= setTimeout(() => this.#sync(), this.#syncMs).unref();
  }

  #sync(): void {
    this.#due = null;
    if (this.#slots === null) this.#write(this.#now());
    else this.#slots.sync();
  }

  #giveUpFile(): void {
    try {
      this.#slots?.close();
    } catch {
      // Ignored, because the file has already failed.
    }
    this.#slots = null;
  }
}

/**
 * Throws `store_missing` for an empty database with a position of acknowledged commits: its write-ahead log, which
 * contained all of them, is lost.
 */
export function refuseLostStore(database: Database, file: string): void {
  if (!isEmptyDatabase(database) || PositionFile.read(`${file}.position`) === null) return;
  throw new StoreFileError(
    'store_missing',
    file,
    `The store ${file} is empty, but ${file}.position records acknowledged commits. ` +
      'Put the store back, or move the directory away and restore a backup (everywire restore). To start with an empty store instead, start once with --new.',
  );
}

/** Returns the store's epoch, or a new one if the store lacks acknowledged commits. */
function checkedEpoch(
  database: Database,
  kept: KeptPosition | null,
  stored: number,
  onLost: (loss: AcknowledgedLoss) => void,
): Epoch {
  const epoch = String(database.prepare('SELECT epoch FROM store').pluck().get());
  if (kept === null || kept.epoch !== epoch || kept.position <= stored) return epoch;
  // The loss is reported before the new epoch is written: if the process ends in between, the next start reports it
  // again.
  onLost({ acknowledged: kept.position, stored, missing: kept.position - stored });
  return String(database.prepare('UPDATE store SET epoch = lower(hex(randomblob(8))) RETURNING epoch').pluck().get());
}
