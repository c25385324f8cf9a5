import type { ChangeOutcome, Epoch, Member, UserId } from '@everywire/chat';
import type { CommandHash } from './command-hash.js';
import { type DecidedGroup, type LaneOptions, POSTPONED, type Ran } from './group-lane.js';
import { GroupRows } from './group-rows.js';
import type { LaneConnection } from './lane-connection.js';
import { type AnyChange, loadOf } from './load-group.js';
import { type NewKey, writesOf } from './write-group.js';
import { queuesBlocks } from './write-search.js';
import type { Written } from './written.js';

/** The outcome of any change. */
export type AnyOutcome = ChangeOutcome<unknown, unknown>;

/** The dependencies of a lane: a connection that runs changes in groups, one transaction per group. */
export interface GroupOptions extends LaneOptions {
  /** Hashes commands for storage. */
  readonly hash: CommandHash;
  /** How long a command key is valid, ms: a repetition within this time gets the stored result (CH-18). */
  readonly keyMs: number;
  /** The most followed threads of one member in one conversation. */
  readonly followsMax: number;
  /** Called when the search filter of a block of messages must be built (`write-search.ts`). */
  readonly onSearchDue: () => void;
  /** Called when a conversation was deleted and must be erased. */
  readonly onDeleted: () => void;
}

/**
 * Locks and reads the rows that the changes need, in one round trip, and decides the changes. A change that is refused
 * or throws writes nothing. When two changes concern one conversation, the second sees the writes of the first, or is
 * postponed to the next group. Rejects with the error of the database.
 */
export async function decideGroup(
  connection: LaneConnection,
  group: readonly AnyChange[],
  options: GroupOptions,
): Promise<DecidedGroup<AnyOutcome>> {
  const load = loadOf(group);
  const transaction = await connection.begin(Object.values(load));
  const rows = new GroupRows(group, load, transaction.answers);
  const written: Written[] = [];
  const keys: NewKey[] = [];
  const ran = group.map((change, at): Ran<AnyOutcome> => {
    try {
      if (rows.isOutOfDate(at)) return POSTPONED;
      return { outcome: decide(change, at, { rows, epoch: transaction.epoch, written, keys, options }) };
    } catch (error) {
      return { thrown: error };
    }
  });
  const writes = keys.length === 0 ? [] : writesOf(written, keys, options.followsMax);
  const onCommitted = (): void => {
    if (queuesBlocks(writes)) options.onSearchDue();
    if (written.some(({ changes }) => changes.conversation?.deleted)) options.onDeleted();
  };
  return { transaction, ran, writes, onCommitted };
}

interface DecisionContext {
  readonly rows: GroupRows;
  readonly epoch: Epoch;
  readonly written: Written[];
  readonly keys: NewKey[];
  readonly options: GroupOptions;
}

/** Decides one change: returns the stored result of a repeated command, or collects the writes of a new one. */
function decide(change: AnyChange, at: number, context: DecisionContext): AnyOutcome {
  const { rows, epoch, written, keys, options } = context;
  const { key, active = [] } = change;
  const kept = rows.key(at);
  // Expired only by both clocks, because that of this node or of the database may be ahead.
  const isKnown = kept !== null && Math.min(key.at, kept.readAt) - kept.keptAt <= options.keyMs;
  if (isKnown && !options.hash.mayBe(kept.hash, key.hash)) return { outcome: 'refused', code: 'id_reused' };
  if (isKnown) return { outcome: 'repeated', epoch, result: kept.result };
  if (active.some((user) => rows.inactive.has(user))) return { outcome: 'refused', code: 'not_found' };
  const before = rows.conversation(at);
  const known = rows.of(at, epoch);
  const decision = change.decide(known);
  if (decision.outcome === 'refused') return decision;
  const { changes, result, notices } = decision;
  if (changes !== null) {
    const id = before?.id ?? 0;
    const memberBefore = (user: UserId): Member | null => rows.memberBefore(id, user);
    written.push({ before, changes, memberBefore, messagesBefore: known.messages });
    if (before !== null) rows.take(before, changes);
  }
  keys.push({ ...key, hash: options.hash.of(key.hash), result, replacesOld: kept !== null });
  return { outcome: 'committed', epoch, result, notices };
}
