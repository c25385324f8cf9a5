import type { ChangeOutcome, Epoch, Member, UserId } from '@everywire/chat';
import type { WriteHealth } from '../database/write-health.js';
import type { CommandHash } from './command-hash.js';
import { POSTPONED, type Ran } from './group-lane.js';
import { GroupRows } from './group-rows.js';
import type { LaneConnection } from './lane-connection.js';
import { type AnyChange, loadOf } from './load-group.js';
import { type NewKey, writesOf } from './write-group.js';
import { queuesBlocks } from './write-search.js';
import type { Written } from './written.js';

/** The outcome of any change. */
export type AnyOutcome = ChangeOutcome<unknown, unknown>;

/** The dependencies of a lane: a connection that runs changes in groups, one transaction per group. */
export interface GroupOptions {
  readonly epoch: () => Epoch;
  readonly health: WriteHealth;
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
  /** Awaited before each COMMIT, so that tests can delay commits. */
  readonly beforeCommit?: () => Promise<void>;
}

/**
 * Runs changes in one transaction of two round trips: the first locks and reads rows, the second writes and commits.
 * The changes decide between the two, so a change that is refused or throws writes nothing. When two changes concern
 * one conversation, the second sees the writes of the first, or is postponed to the next group.
 *
 * Rejects with the error of the database. After such an error, the transaction may or may not have been committed. The
 * caller may retry in both cases, because a committed change is found again by its stored command key.
 */
export async function runGroup(
  connection: LaneConnection,
  group: readonly AnyChange[],
  options: GroupOptions & { readonly note: (change: AnyChange, outcome: AnyOutcome) => void },
): Promise<readonly Ran<AnyOutcome>[]> {
  const load = loadOf(group);
  const transaction = await connection.begin(Object.values(load));
  const rows = new GroupRows(group, load, transaction.answers);
  const written: Written[] = [];
  const keys: NewKey[] = [];
  const ran = group.map((change, at): Ran<AnyOutcome> => {
    try {
      if (rows.isOutOfDate(at)) return POSTPONED;
      return { outcome: decide(change, at, { rows, written, keys, options }) };
    } catch (error) {
      return { thrown: error };
    }
  });
  for (const [at, change] of group.entries()) {
    const each = ran[at];
    if (each !== undefined && each !== POSTPONED && 'outcome' in each && each.outcome.outcome === 'committed')
      options.note(change, each.outcome);
  }
  if (keys.length === 0) {
    await transaction.rollback();
    return ran;
  }
  await options.beforeCommit?.();
  const writes = writesOf(written, keys, options.followsMax);
  await transaction.commit(writes);
  options.health.committed();
  if (queuesBlocks(writes)) options.onSearchDue();
  if (written.some(({ changes }) => changes.conversation?.deleted)) options.onDeleted();
  return ran;
}

interface DecisionContext {
  readonly rows: GroupRows;
  readonly written: Written[];
  readonly keys: NewKey[];
  readonly options: GroupOptions;
}

/** Decides one change: returns the stored result of a repeated command, or collects the writes of a new one. */
function decide(change: AnyChange, at: number, { rows, written, keys, options }: DecisionContext): AnyOutcome {
  const { key, active = [] } = change;
  const epoch = options.epoch();
  const kept = rows.key(at);
  const isKnown = kept !== null && key.at - kept.keptAt <= options.keyMs;
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
