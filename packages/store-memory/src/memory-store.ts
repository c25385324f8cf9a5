// Over 300 lines: one class implements one port.
import {
  type AccountState,
  type ChangeOutcome,
  type ChangeRequest,
  type ChangesAnswer,
  type ChatLimits,
  type ConversationId,
  type ConversationsAnswer,
  chatLimits,
  type DirectoryPosition,
  type Entry,
  type Epoch,
  type FileName,
  type FileRecord,
  type FileRecords,
  type FileRef,
  type InvitationAnswer,
  type InvitesAnswer,
  type ListAnswer,
  type ListPageAnswer,
  type MemberChangeOutcome,
  type MemberChangeRequest,
  type MembersAnswer,
  type Membership,
  type MessagesAnswer,
  type Outline,
  type PageAnswer,
  type PageRequest,
  type PeriodsView,
  type Privacy,
  type ReadersAnswer,
  type SearchAnswer,
  type SearchRequest,
  type Store,
  StoreError,
  type UserId,
} from '@everywire/chat';
import { requireAgreement } from '@everywire/chat/internal';
import { writeChanges, writeMembers } from './memory-changes.js';
import { forgetUser, readMemberships, readOwnTexts } from './memory-departures.js';
import {
  addFile,
  attachableFiles,
  directoryPicture,
  findFile,
  finishFile,
  forgetFiles,
  type NewFile,
  unusedFiles,
} from './memory-files.js';
import { entryOf, findConversations, listChanged, listPage } from './memory-list.js';
import { readAcquaintances, readMembers, readPeriods, readReaders } from './memory-member-reads.js';
import { choicesOf, readDirectory, readInvitation, readInvites, readPrivacy } from './memory-privacy.js';
import { readChanges, readHidden, readMessages, readPage, readPins, readVersions } from './memory-reads.js';
import { findTarget, largeOf, loadMemberRows, loadRows } from './memory-rows.js';
import { searchMessages } from './memory-search.js';
import { copyTables, emptyTables, type MemoryState, type MemoryTables } from './memory-tables.js';
import { readFollowed } from './memory-threads.js';

/** A backup taken by `MemoryStore.backup`, independent of the store. */
export interface MemoryBackup {
  readonly tables: MemoryTables;
  readonly nextTransaction: number;
}

/** Options of a `MemoryStore`. */
export interface MemoryStoreOptions {
  /** Random: new for every store, and for every restore of a backup (CH-26). */
  readonly epoch: Epoch;
  readonly limits?: ChatLimits;
  /**
   * Decides when a change commits. Receives the commit of each change, to call once, at any later time and in any order. Without a gate, changes commit
   * immediately. A simulation uses it to delay commits (CH-14).
   */
  readonly gate?: (commit: () => void) => void;
  readonly backup?: MemoryBackup;
  /** Returns the state of an account (`MemoryAccounts.stateOf`). Default: every account is active. */
  readonly stateOf?: (user: UserId) => AccountState;
}

const DAY_MS = 86_400_000;

/**
 * The reference `Store`. Everything is in maps and is lost when the process ends; commits are sequential. The cost of a read grows with the data, not
 * with the answer.
 */
export class MemoryStore implements Store, FileRecords {
  #state: MemoryState;
  readonly limits: ChatLimits;
  readonly #stateOf: (user: UserId) => AccountState;
  readonly #gate: (commit: () => void) => void;
  #closed = false;

  constructor(options: MemoryStoreOptions) {
    const { backup } = options;
    this.#state = {
      epoch: options.epoch,
      tables: backup === undefined ? emptyTables() : copyTables(backup.tables),
      transactions: { next: backup?.nextTransaction ?? 1, running: new Set() },
    };
    this.limits = options.limits ?? chatLimits;
    this.#stateOf = options.stateOf ?? (() => 'active');
    this.#gate = options.gate ?? ((commit) => commit());
  }

  /**
   * Opens the same data once more, as another process would open a database. Each opening sees the commits of the other and is closed separately.
   *
   * @throws LimitsDifferError
   */
  another(options: Pick<MemoryStoreOptions, 'gate' | 'limits'> = {}): MemoryStore {
    const { epoch } = this.#state;
    requireAgreement(this.limits, options.limits ?? this.limits);
    const opening = new MemoryStore({ epoch, limits: this.limits, stateOf: this.#stateOf, ...options });
    opening.#state = this.#state;
    return opening;
  }

  change<Result, Notice>(request: ChangeRequest<Result, Notice>): Promise<ChangeOutcome<Result, Notice>> {
    return this.#transaction((stamp) => this.#commitChange(request, stamp));
  }

  changeMember<Result, Notice>(
    request: MemberChangeRequest<Result, Notice>,
  ): Promise<MemberChangeOutcome<Result, Notice>> {
    return this.#transaction((stamp) => {
      const { epoch, tables } = this.#state;
      if (this.#stateOf(request.user) !== 'active') return { outcome: 'refused', code: 'not_found' };
      const decision = request.decide(loadMemberRows(this.#state, request));
      if (decision.outcome === 'refused') return decision;
      if (decision.members.length > 0) writeMembers(tables, request.conversation, decision, stamp);
      return { outcome: 'committed', epoch, result: decision.result, notices: decision.notices };
    });
  }

  list(...[user, cursor, limit, bytesMax]: Parameters<Store['list']>): Promise<ListAnswer> {
    return this.#read((state) => listChanged(state, user, cursor, { limit, bytesMax, limits: this.limits }));
  }

  listPage(...[user, after, limit, bytesMax]: Parameters<Store['listPage']>): Promise<ListPageAnswer> {
    return this.#read((state) => listPage(state, user, after, { limit, bytesMax, limits: this.limits }));
  }

  entry(user: UserId, conversation: ConversationId): Promise<{ readonly epoch: Epoch; readonly entry: Entry | null }> {
    return this.#read((state) => ({
      epoch: state.epoch,
      entry: entryOf(state, user, conversation, this.limits),
    }));
  }

  page(user: UserId, conversation: ConversationId, request: PageRequest): Promise<PageAnswer> {
    return this.#read((state) => readPage(state, user, conversation, request));
  }

  changes(...question: Parameters<Store['changes']>): Promise<ChangesAnswer> {
    const [user, conversation, since, limit, bytesMax] = question;
    return this.#read((state) => readChanges(state, { user, conversation, since, limit, bytesMax }, this.limits));
  }

  messages(...[user, conversation, names, bytesMax]: Parameters<Store['messages']>): Promise<MessagesAnswer> {
    return this.#read((state) => readMessages(state, user, conversation, names, bytesMax));
  }

  versions(...[user, conversation, message, range]: Parameters<Store['versions']>): ReturnType<Store['versions']> {
    return this.#read((state) => readVersions(state, { user, conversation, message, ...range }));
  }

  pins(...[user, conversation, bytesMax]: Parameters<Store['pins']>): Promise<MessagesAnswer> {
    return this.#read((state) => readPins(state, user, conversation, bytesMax));
  }

  hidden(...[user, conversation, since, limit]: Parameters<Store['hidden']>): ReturnType<Store['hidden']> {
    return this.#read((state) => readHidden(state, { user, conversation, since, limit }));
  }

  members(user: UserId, conversation: ConversationId, after: UserId | null, limit: number): Promise<MembersAnswer> {
    return this.#read((state) => readMembers(state, { user, conversation, after, limit }));
  }

  periods(conversation: ConversationId, users: readonly UserId[]): Promise<PeriodsView> {
    return this.#read((state) => readPeriods(state, conversation, users));
  }

  largeConversations(user: UserId): Promise<readonly ConversationId[]> {
    return this.#read((state) => largeOf(state.tables, user));
  }

  acquaintances(user: UserId, others: readonly UserId[]): Promise<ReadonlySet<UserId>> {
    return this.#read((state) => readAcquaintances(state, user, others));
  }

  readers(user: UserId, conversation: ConversationId, sequence: number): Promise<ReadersAnswer> {
    return this.#read((state) => readReaders(state, user, conversation, sequence));
  }

  addFile(file: NewFile, ownerBytesMax: number): Promise<'added' | 'over_quota'> {
    return this.#transaction(() => addFile(this.#state.tables, file, ownerBytesMax));
  }

  finishFile(id: FileName, ref: FileRef, at: number, size: number): Promise<FileRef | null> {
    return this.#transaction(() => finishFile(this.#state.tables, id, { ref, at, size }));
  }

  file(user: UserId, id: FileName): Promise<FileRecord | null> {
    return this.#read(({ tables }) => findFile(tables, user, id));
  }

  directoryPicture(id: FileName): Promise<FileRecord | null> {
    return this.#read(({ tables }) => directoryPicture(tables, id));
  }

  attachableFiles(user: UserId, ids: readonly FileName[], at: number): Promise<readonly FileRef[]> {
    return this.#transaction(() => attachableFiles(this.#state.tables, user, ids, at));
  }

  unusedFiles(before: number, limit: number): Promise<readonly FileName[]> {
    return this.#read(({ tables }) => unusedFiles(tables, before).slice(0, limit));
  }

  forgetFiles(ids: readonly FileName[], before: number): Promise<readonly FileName[]> {
    return this.#transaction(() => forgetFiles(this.#state.tables, ids, before));
  }

  recordedFiles(ids: readonly FileName[]): Promise<readonly FileName[]> {
    return this.#read(({ tables }) => ids.filter((id) => tables.files.has(id)));
  }

  invites(user: UserId, conversation: ConversationId): Promise<InvitesAnswer> {
    return this.#read((state) => readInvites(state, user, conversation));
  }

  invitation(conversation: ConversationId, hash: string | null, now: number): Promise<InvitationAnswer> {
    return this.#read((state) => readInvitation(state, conversation, hash, now));
  }

  directory(query: string, after: DirectoryPosition | null, limit: number): Promise<readonly Outline[]> {
    return this.#read((state) => readDirectory(state, query, after, limit));
  }

  search(user: UserId, request: SearchRequest): Promise<SearchAnswer> {
    return this.#read((state) => searchMessages(state, user, request));
  }

  findConversations(...[user, place, page]: Parameters<Store['findConversations']>): Promise<ConversationsAnswer> {
    return this.#read((state) => findConversations(state, user, { ...place, ...page }, this.limits));
  }

  threads(...[user, after, limit, bytesMax]: Parameters<Store['threads']>): ReturnType<Store['threads']> {
    const { mentionsShownMax } = this.limits;
    return this.#read((state) => readFollowed(state, user, { after, limit, bytesMax, mentionsShownMax }));
  }

  privacy(user: UserId): Promise<Privacy> {
    return this.#read((state) => readPrivacy(state, user));
  }

  blockedBy(user: UserId, others: readonly UserId[]): Promise<ReadonlySet<UserId>> {
    return this.#read(({ tables }) => new Set(others.filter((other) => choicesOf(tables, other).blocked.has(user))));
  }

  memberships(user: UserId): Promise<readonly Membership[]> {
    return this.#read(({ tables }) => readMemberships(tables, user));
  }

  ownTexts(...[user, conversation, after, limit]: Parameters<Store['ownTexts']>): ReturnType<Store['ownTexts']> {
    return this.#read(({ tables }) => readOwnTexts(tables, { user, conversation, after, limit }));
  }

  forgetUser(user: UserId): Promise<void> {
    return this.#transaction(() => forgetUser(this.#state.tables, user));
  }

  purge(): Promise<boolean> {
    return this.#read(() => true);
  }

  epoch(): Promise<Epoch> {
    return this.#read((state) => state.epoch);
  }

  async close(): Promise<void> {
    this.#closed = true;
  }

  /** Takes a backup of all commits so far, without running changes. */
  backup(): MemoryBackup {
    return { tables: copyTables(this.#state.tables), nextTransaction: this.#state.transactions.next };
  }

  #commitChange<Result, Notice>(request: ChangeRequest<Result, Notice>, stamp: number): ChangeOutcome<Result, Notice> {
    const { epoch, tables } = this.#state;
    const { key } = request;
    const name = `${key.user}:${key.id}` as const;
    const kept = tables.keys.get(name);
    if (kept !== undefined && key.at - kept.at <= this.limits.commandKeyDays * DAY_MS) {
      if (kept.hash !== key.hash) return { outcome: 'refused', code: 'id_reused' };
      return { outcome: 'repeated', epoch, result: JSON.parse(kept.result) };
    }
    if (request.active?.some((user) => this.#stateOf(user) !== 'active'))
      return { outcome: 'refused', code: 'not_found' };
    const table = findTarget(tables, request.target);
    const isDeleted = (user: UserId): boolean => this.#stateOf(user) === 'deleted';
    const decision = request.decide(loadRows(this.#state, { table, isDeleted }, request));
    if (decision.outcome === 'refused') return decision;
    if (decision.changes !== null) {
      const { followsMax } = this.limits;
      writeChanges(tables, table, decision.changes, { stamp, followsMax });
    }
    tables.keys.set(name, { hash: key.hash, result: JSON.stringify(decision.result), at: key.at });
    return { outcome: 'committed', epoch, result: decision.result, notices: decision.notices };
  }

  #transaction<Outcome>(commit: (stamp: number) => Outcome): Promise<Outcome> {
    if (this.#closed) return Promise.reject(closedError());
    const { transactions } = this.#state;
    const stamp = transactions.next++;
    transactions.running.add(stamp);
    return new Promise((resolve, reject) => {
      this.#gate(() => {
        transactions.running.delete(stamp);
        if (this.#closed) return reject(closedError());
        try {
          resolve(commit(stamp));
        } catch (error) {
          reject(error);
        }
      });
    });
  }

  async #read<Answer>(read: (state: MemoryState) => Answer): Promise<Answer> {
    if (this.#closed) throw closedError();
    return read(this.#state);
  }
}

function closedError(): StoreError {
  return new StoreError('busy', 'the store is closed');
}
