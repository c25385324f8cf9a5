import type {
  CommandId,
  Conversation,
  ConversationId,
  Epoch,
  FileName,
  FileRecord,
  Follow,
  Hidden,
  Invite,
  Member,
  Message,
  UserId,
  Version,
} from '@everywire/chat';

/** A member row with the list stamp that only this store reads. */
export interface StampedMember {
  readonly member: Member;
  readonly stamp: number;
}

/** One conversation's part of every table. Rows are immutable, so a copy of the maps is a snapshot. */
export interface MemoryConversation {
  readonly conversation: Conversation;
  /** The stamp of the last commit while large, otherwise 0. */
  readonly stamp: number;
  /** The message with sequence n is at n - 1. */
  readonly messages: readonly Message[];
  readonly members: ReadonlyMap<UserId, StampedMember>;
  /** Earlier texts by sequence, the oldest first. */
  readonly versions: ReadonlyMap<number, readonly Version[]>;
  /** The hidden messages of each user, in the order of hiding. */
  readonly hidden: ReadonlyMap<UserId, readonly Hidden[]>;
  /** The threads each user follows, by root. */
  readonly follows: ReadonlyMap<UserId, ReadonlyMap<number, Follow>>;
  readonly invites: readonly Invite[];
}

/** One person's privacy settings; rows are immutable. */
export interface PersonRow {
  readonly receipts: boolean;
  readonly blocked: ReadonlySet<UserId>;
}

interface KeptResult {
  readonly hash: string;
  /** The result as JSON, like in a database. */
  readonly result: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

/** The record of a file with the time when it was last wanted. */
export interface KeptFile {
  readonly record: FileRecord;
  /** Milliseconds since the epoch of its upload, or of the last time it was about to be attached. */
  readonly wantedAt: number;
}

/** Everything that a backup holds. */
export interface MemoryTables {
  readonly conversations: Map<ConversationId, MemoryConversation>;
  /** `smaller:larger` of each direct conversation. */
  readonly directKeys: Map<string, ConversationId>;
  readonly keys: Map<`${UserId}:${CommandId}`, KeptResult>;
  /** Conversations of each user who was ever a member. */
  readonly conversationsOf: Map<UserId, Set<ConversationId>>;
  readonly people: Map<UserId, PersonRow>;
  /** The file records; their bytes are stored elsewhere. */
  readonly files: Map<FileName, KeptFile>;
}

/** Transaction numbers like those of PostgreSQL: taken at the beginning and visible after the commit, in any order (CH-14). */
export interface Transactions {
  next: number;
  readonly running: Set<number>;
}

/** The store's state: one object, so that every read sees one snapshot between two commits. */
export interface MemoryState {
  readonly epoch: Epoch;
  readonly tables: MemoryTables;
  readonly transactions: Transactions;
}

/** Creates the tables of an empty store. */
export function emptyTables(): MemoryTables {
  return {
    conversations: new Map(),
    directKeys: new Map(),
    keys: new Map(),
    conversationsOf: new Map(),
    people: new Map(),
    files: new Map(),
  };
}

/** Returns a copy that later changes of the tables do not affect. */
export function copyTables(tables: MemoryTables): MemoryTables {
  return {
    conversations: new Map(tables.conversations),
    directKeys: new Map(tables.directKeys),
    keys: new Map(tables.keys),
    files: new Map(tables.files),
    people: new Map(tables.people),
    conversationsOf: new Map([...tables.conversationsOf].map(([user, ids]) => [user, new Set(ids)])),
  };
}

/** Returns the oldest running transaction. All lower ones have ended and are visible, so a cursor set to it misses nothing. */
export function oldestRunning(transactions: Transactions): number {
  return transactions.running.size === 0 ? transactions.next : Math.min(...transactions.running);
}
