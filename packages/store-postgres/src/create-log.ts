import type { KeyObject } from 'node:crypto';
import type { ChangeOutcome, ChangeTarget, ChatLimits, FileRecords, MemberChangeOutcome, Store } from '@everywire/chat';
import type { Database } from './database/database.js';
import type { History } from './database/store-connection.js';
import type { WriteHealth } from './database/write-health.js';
import type { PostgresStoreLimits } from './limits.js';
import { createChangeLane } from './log/change-lane.js';
import { CommandHash } from './log/command-hash.js';
import { createDepartures } from './log/departures.js';
import { createEraser } from './log/eraser.js';
import { createFileRecords } from './log/file-records.js';
import { createFollowedThreads } from './log/followed-threads.js';
import { createInviteReads } from './log/invite-reads.js';
import { createKeySweep } from './log/key-sweep.js';
import { createListReads } from './log/list-reads.js';
import { createLogReads } from './log/log-reads.js';
import { createMemberReads } from './log/member-reads.js';
import { createMemberLane } from './log/run-members.js';
import { createSearch } from './search/create-search.js';
import { createSearchIndex } from './search/search-index.js';

/** The ports that the tables of the log implement. */
export type LogStore = Store & FileRecords;

/** Options of `createLog`. */
export interface LogOptions {
  readonly url: string;
  readonly database: Database;
  readonly health: WriteHealth;
  readonly limits: ChatLimits;
  readonly storeLimits: PostgresStoreLimits;
  readonly history: History;
  /** The key of the stored command hashes; equal on all nodes. */
  readonly commandKey: KeyObject;
  readonly beforeCommit?: () => Promise<void>;
}

const DAY_MS = 86_400_000;

/**
 * Creates the log, with its background jobs and its lanes: the connections that run changes, many in one transaction.
 */
export function createLog(options: LogOptions): LogStore {
  const { url, database, health, history, limits, storeLimits, commandKey, beforeCommit } = options;
  const index = createSearchIndex(database, storeLimits);
  const eraser = createEraser(database, storeLimits);
  const keyMs = limits.commandKeyDays * DAY_MS;
  const jobs = [index, eraser, createKeySweep(database, keyMs, storeLimits.lookMs)];
  const group = {
    url,
    history,
    health,
    hash: new CommandHash(commandKey),
    keyMs,
    followsMax: limits.followsMax,
    onSearchDue: () => index.wake(),
    onDeleted: () => eraser.wake(),
    ...(beforeCommit && { beforeCommit }),
  };
  const lanes = Array.from({ length: storeLimits.lanes }, () => createChangeLane(group));
  const members = createMemberLane(group);
  let born = 0;
  /** Returns the fixed lane of a conversation, so that a change that waits for a lock delays only its own lane. */
  const laneOf = (target: ChangeTarget): (typeof lanes)[number] => {
    const place =
      target.by === 'id' ? target.conversation : target.by === 'direct' ? target.key[0] + target.key[1] : born++;
    return lanes[place % lanes.length] as (typeof lanes)[number];
  };
  return {
    limits,
    change: <Result, Notice>(request: Parameters<(typeof lanes)[number]['submit']>[0]) =>
      laneOf(request.target).submit(request) as Promise<ChangeOutcome<Result, Notice>>,
    changeMember: <Result, Notice>(request: Parameters<typeof members.submit>[0]) =>
      members.submit(request) as Promise<MemberChangeOutcome<Result, Notice>>,
    ...createListReads(database, limits),
    ...createLogReads(database, limits),
    ...createMemberReads(database, limits),
    ...createInviteReads(database, limits),
    ...createFollowedThreads(database, limits),
    ...createDepartures(database),
    ...createFileRecords(database),
    ...createSearch(database, limits, storeLimits),
    epoch: () => database.snapshot(async ({ epoch }) => epoch),
    close: async () => {
      await Promise.all([...lanes, members, ...jobs].map((part) => part.close()));
    },
  };
}
