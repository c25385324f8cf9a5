// Longer than 300 lines, because how answers, events and epochs interact is one decision, which should be read in one place.
import type {
  Answers,
  ChatErrorCode,
  CommitEvent,
  ConversationId,
  Entry,
  Epoch,
  ListAnswer,
  LogHead,
  OwnEvent,
  Query,
  ReceiptEvent,
  Send,
  UserId,
} from '@everywire/chat';
import { ConversationList, type StoredList } from './conversation-list.js';
import type { ConversationLog, GapEnd, LogQuery, StoredLog } from './conversation-log.js';
import type { CoreLimits } from './core-limits.js';
import { type CachedLog, LogCache } from './log-cache.js';
import type { RequestQueue, Settled, Underway, Urgency } from './request-queue.js';

/** The conversation list and the logs, as stored on the device between runs of the application. JSON. */
export interface StoredSync {
  readonly epoch: Epoch;
  readonly list: StoredList;
  readonly logs: readonly StoredLog[];
}

/** Callbacks about entries, for the other parts of the core. */
export interface SyncObserver {
  /** Called when an entry (a conversation in this user's list) was replaced by an answer or advanced by an event. */
  entryTaken(entry: Entry): void;
  /**
   * Called when the known sequences of this conversation became invalid, because the user was removed and added again, or because the log
   * has another history.
   */
  conversationDropped(conversation: ConversationId): void;
  /** Called when the known sequences of all conversations became invalid (CH-26). */
  historyDropped(): void;
}

type Answered = Answers[Query['command']];
type LogAnswer = Answers[LogQuery['command']];

/**
 * Keeps the conversation list and the logs in sync with the server by CH-8 to CH-11, CH-15 and CH-25 (docs/spec/chat.md). Events are hints,
 * which may be lost. Whatever is missing after an event is requested through `pendingRequests`. Answers may arrive in any order.
 */
export class SyncCore {
  readonly list: ConversationList;
  readonly logCache: LogCache;
  readonly #me: UserId;
  readonly #pendingRequests: RequestQueue;
  readonly #rowsMax: number;
  readonly #pageRows: number;
  readonly #observer: SyncObserver;
  #epoch: Epoch | null;
  /** Open conversations of which the server says that this user never was in them. */
  readonly #absent = new Set<ConversationId>();

  constructor(options: {
    readonly me: UserId;
    readonly limits: CoreLimits;
    readonly pendingRequests: RequestQueue;
    readonly observer: SyncObserver;
    readonly stored: StoredSync | null;
  }) {
    const { stored } = options;
    this.#me = options.me;
    this.#pendingRequests = options.pendingRequests;
    this.#rowsMax = options.limits.timelineRowsMax;
    this.#pageRows = options.limits.pageRows;
    this.#observer = options.observer;
    this.#epoch = stored?.epoch ?? null;
    this.list = stored === null ? new ConversationList() : ConversationList.restore(stored.list);
    this.logCache = new LogCache(options.limits, stored?.logs);
  }

  /** Returns the state to store; `null` before the first answer or event has arrived. */
  store(): StoredSync | null {
    if (this.#epoch === null) return null;
    const logs = this.logCache
      .conversations()
      .flatMap((conversation) => this.logCache.get(conversation)?.log.store() ?? []);
    return { epoch: this.#epoch, list: this.list.store(), logs };
  }

  /** Requests everything that may have been missed: changes of the list since its cursor, and what open logs are known to lack (CH-16). */
  resume(): void {
    this.#askList();
    for (const conversation of this.list.distrusted()) this.askEntry(conversation);
    for (const conversation of this.logCache.openConversations()) {
      const entry = this.list.entry(conversation);
      const cachedLog = this.logCache.get(conversation);
      if (entry === null) this.askEntry(conversation);
      else this.#refresh(entry);
      if (entry !== null && cachedLog !== null && cachedLog.opened > 0) this.#askReceipts(entry, cachedLog);
    }
  }

  /** Opens a conversation for one more view and requests what it lacks. */
  open(conversation: ConversationId): void {
    const entry = this.list.entry(conversation);
    const cachedLog = this.logCache.open(conversation, entry?.read ?? null);
    this.#absent.delete(conversation);
    if (entry === null) {
      this.askEntry(conversation);
      return;
    }
    this.#refresh(entry);
    this.#askReceipts(entry, cachedLog);
  }

  /** Opens a thread of a conversation, which need not be open itself. */
  openThread(conversation: ConversationId, root: number): void {
    const cachedLog = this.logCache.openThread(conversation, root);
    const entry = this.list.entry(conversation);
    if (entry === null) this.askEntry(conversation, 'now');
    else if (entry.member) this.#askLog(cachedLog, cachedLog.log.seeHead(entry));
  }

  /** Requests the page before the oldest held row, unless the log is at its limit. A no-op if the log is not open. */
  loadOlder(conversation: ConversationId, root: number | null = null): void {
    const cachedLog = this.#live(conversation, root);
    const query = cachedLog === null || cachedLog.log.rowCount >= this.#rowsMax ? null : cachedLog.log.older();
    if (cachedLog !== null && query !== null) this.#askLog(cachedLog, [query]);
  }

  /** Requests a page of the gap that begins at sequence `low`, from one of its ends. */
  fillGap(conversation: ConversationId, low: number, root: number | null, from: GapEnd): void {
    const cachedLog = this.#live(conversation, root);
    const query = cachedLog?.log.fill(low, from) ?? null;
    if (cachedLog !== null && query !== null) this.#askLog(cachedLog, [query]);
  }

  /** Requests a message of an open log, wherever the message is in the history. */
  seek(conversation: ConversationId, sequence: number, root: number | null): void {
    const cachedLog = this.#cachedLog(conversation, root);
    const queries = cachedLog?.log.seek(sequence) ?? [];
    if (cachedLog !== null && this.list.entry(conversation)?.member) this.#askLog(cachedLog, queries);
  }

  /**
   * Returns the state of a sought message: its row, `null` if it is not available, `'asked'` while in flight, `undefined` if it is not
   * sought (any more).
   */
  find(conversation: ConversationId, sequence: number, root: number | null): ReturnType<ConversationLog['find']> {
    if (this.isAbsent(conversation) || this.list.entry(conversation)?.member === false) return null;
    return this.#cachedLog(conversation, root)?.log.find(sequence);
  }

  /** Requests the next page of older conversations. */
  loadMoreEntries(): void {
    if (!this.list.more) return;
    this.#pendingRequests.ask({ command: 'listPage', after: this.list.scrollPosition }, { tick: this.list.tick });
  }

  /** Returns whether the server answered that the user never was in this open conversation. */
  isAbsent(conversation: ConversationId): boolean {
    return this.#absent.has(conversation);
  }

  /**
   * Returns whether a page of this log is being requested: at its older end if `low` is `null`, otherwise in the gap that begins at `low`.
   */
  isLoading(conversation: ConversationId, low: number | null, root: number | null = null): boolean {
    const cachedLog = this.#cachedLog(conversation, root);
    if (cachedLog === null) return false;
    const queries =
      low === null ? cachedLog.log.olderPages() : [cachedLog.log.fill(low), cachedLog.log.fill(low, 'older')];
    return queries.some((query) => query !== null && this.#pendingRequests.isAsking(query, cachedLog.scope));
  }

  /**
   * Requests an entry. Other users may change many conversations at the same time. Requests for closed conversations therefore wait behind
   * this user's messages.
   */
  askEntry(
    conversation: ConversationId,
    urgency: Urgency = this.logCache.isOpen(conversation) ? 'now' : 'later',
  ): void {
    this.#pendingRequests.ask({ command: 'entry', conversation }, { tick: this.list.tick, again: true, urgency });
  }

  /** Applies a commit event to the list and the logs (CH-8, CH-11). */
  applyCommit(event: CommitEvent): void {
    if (this.#enterEpoch(event.epoch)) return;
    const verdict = this.list.applyCommit(event, this.#me);
    const entry = this.list.entry(event.conversation);
    if (verdict === 'ask') this.askEntry(event.conversation);
    if (verdict === 'moved' && entry !== null) this.#observer.entryTaken(entry);
    for (const cachedLog of this.#liveCachedLogs(event.conversation)) {
      this.#askLog(cachedLog, cachedLog.log.applyCommit(event));
      this.logCache.fit(cachedLog);
      if (verdict === 'moved' && entry !== null && cachedLog.log.root === null)
        this.#askOutdatedReceipts(entry, cachedLog);
    }
  }

  /** Applies an `own` event: this user has changed settings, a draft or a read position, possibly on another device. */
  applyOwn(event: OwnEvent): void {
    if (this.#enterEpoch(event.epoch)) return;
    if (this.list.applyOwn(event) === 'ask') this.askEntry(event.conversation);
  }

  /** Applies a receipt event: another member has received or read messages. */
  applyReceipt(event: ReceiptEvent): void {
    if (this.#enterEpoch(event.epoch)) return;
    this.#live(event.conversation)?.receipts.applyEvent(event);
  }

  /**
   * Applies the acknowledgement of an own message to the logs. The entry is updated later, by the event of the message or by the next
   * `list`.
   */
  applySent(command: Send, answer: Answers['send']): void {
    const { sequence, id, sentAt, ordinal, modification, thread, mentions, files, epoch } = answer;
    if (this.#enterEpoch(epoch)) return;
    const { text, quote } = command;
    const marks = { ...(quote && { quote }), ...(mentions && { mentions }), ...(thread && { thread }) };
    const body = { kind: 'text' as const, text, ...(files && { files }) };
    const made = { sequence, id, sender: this.#me, commandId: command.id, body, sentAt };
    const row = { ...made, modification: 0, ordinal, ...marks };
    for (const cachedLog of this.#liveCachedLogs(command.conversation)) {
      const { log } = cachedLog;
      const own = log.root === null || log.root === thread?.root;
      this.#askLog(cachedLog, own ? log.applySent(row, modification) : log.seeHead({ sequence, modification }));
    }
  }

  /** Notes the head (last sequence and modification) after an own command, so that its effect is requested if the event was lost. */
  seeHead(conversation: ConversationId, head: LogHead, epoch: Epoch): void {
    if (this.#enterEpoch(epoch)) return;
    for (const cachedLog of this.#liveCachedLogs(conversation)) this.#askLog(cachedLog, cachedLog.log.seeHead(head));
  }

  /** Applies the answer to a query. Repeats the query if it was requested again while it was in flight. */
  applyAnswer({ request, scope, tick, again }: Settled, answer: Answered): void {
    this.#apply({ request, scope, tick }, answer);
    if (again) this.askAgain({ request, scope, tick });
  }

  /** Handles a query that was refused for good. */
  refuse({ request, scope }: Underway, code: ChatErrorCode): void {
    if (request.command !== 'page') return;
    const cachedLog = this.#live(request.conversation, request.thread ?? null);
    if (cachedLog?.scope === scope) cachedLog.log.refusePage(request.anchor, code);
  }

  /** Repeats a query with current parameters. */
  askAgain({ request, scope }: Underway): void {
    if (request.command === 'list') this.#askList();
    else if (request.command === 'entry') this.askEntry(request.conversation);
    else this.#pendingRequests.ask(request, { scope, tick: this.list.tick });
  }

  #apply({ request, scope, tick }: Underway, answer: Answered): void {
    switch (request.command) {
      case 'list':
        this.#applyList(answer as ListAnswer, request.cursor, tick);
        return;
      case 'listPage':
        this.#applyListPage(answer as Answers['listPage'], tick);
        return;
      case 'entry':
        this.#applyEntry(answer as Answers['entry'], request.conversation, tick);
        return;
      case 'page':
      case 'changes':
      case 'messages':
      case 'hidden':
        this.#applyLog(answer as LogAnswer, request, scope);
        return;
      case 'pins':
        this.#applyPins(answer as Answers['pins'], request.conversation, scope);
        return;
      case 'readers':
        this.#applyReaders(answer as Answers['readers'], request.conversation, scope);
        return;
      default:
        return;
    }
  }

  /**
   * Switches to another epoch, which identifies one history of the server's store (CH-25). Returns true if the epoch changed. The caller
   * then drops its answer or event, because everything is requested again. The first epoch is not a change.
   */
  #enterEpoch(epoch: Epoch): boolean {
    if (this.#epoch === epoch) return false;
    const first = this.#epoch === null;
    this.#epoch = epoch;
    if (first) return false;
    this.list.clear();
    this.#dropLogs();
    this.#observer.historyDropped();
    this.resume();
    return true;
  }

  /** Applies the answer to `list`. If the server has another history, drops all logs first. */
  #applyList(answer: ListAnswer, cursor: string | null, tick: number): void {
    if (this.#epoch !== null && this.#epoch !== answer.epoch) {
      this.list.clear();
      this.#dropLogs();
      this.#observer.historyDropped();
    } else if (answer.outcome === 'reset' && cursor !== null) {
      this.#dropLogs();
      this.#observer.historyDropped();
    }
    this.#epoch = answer.epoch;
    const wanted = this.list.applyFrame(answer, tick);
    for (const entry of answer.entries) this.#merge(entry);
    for (const conversation of wanted) this.askEntry(conversation);
    if (answer.outcome === 'changed') {
      if (answer.more) this.#askList();
      return;
    }
    for (const conversation of this.logCache.conversations()) {
      if (this.list.entry(conversation) === null) this.askEntry(conversation);
    }
  }

  #applyListPage(answer: Answers['listPage'], tick: number): void {
    if (this.#enterEpoch(answer.epoch)) return;
    if (this.list.isOutdated(tick)) {
      this.loadMoreEntries();
      return;
    }
    this.list.applyPageFrame(answer);
    for (const entry of answer.entries) this.#merge(entry);
  }

  #applyEntry({ epoch, entry }: Answers['entry'], conversation: ConversationId, tick: number): void {
    if (this.#enterEpoch(epoch)) return;
    if (this.list.isOutdated(tick)) {
      this.askEntry(conversation);
      return;
    }
    if (entry !== null) this.#merge(entry);
    else this.#drop(conversation);
    if (entry === null && this.logCache.isOpen(conversation)) this.#absent.add(conversation);
  }

  /** Merges an entry into the list and updates what depends on it (CH-11). */
  #merge(entry: Entry): void {
    const merged = this.list.merge(entry);
    if (merged.merged === 'mixed') this.askEntry(entry.conversation);
    if (merged.merged !== 'taken') return;
    const { before } = merged;
    this.#absent.delete(entry.conversation);
    if (!entry.member || before?.member === false || this.#holdsCleared(entry, before)) this.#drop(entry.conversation);
    this.#observer.entryTaken(entry);
    this.logCache.noteRead(entry.conversation, entry.read);
    if (!entry.member) return;
    this.#refresh(entry);
    const cachedLog = this.logCache.get(entry.conversation);
    if (cachedLog !== null) this.#askOutdatedReceipts(entry, cachedLog);
  }

  /** Applies an answer to the log that requested it. Ignores it if that log was dropped meanwhile (another `scope`). */
  #applyLog(answer: LogAnswer, request: LogQuery, scope: string): void {
    if (this.#enterEpoch(answer.epoch)) return;
    const { conversation } = request;
    const cachedLog = this.#liveCachedLogs(conversation).find((live) => live.scope === scope);
    if (cachedLog === undefined) return;
    const entry = this.list.entry(conversation);
    switch (answer.outcome) {
      case 'page':
        this.#askLog(
          cachedLog,
          cachedLog.log.applyPage(answer, request.command === 'page' ? request.anchor : undefined),
        );
        if (cachedLog.log.rowCount < this.#rowsMax) this.#askLog(cachedLog, cachedLog.log.beyondReplies(answer));
        if (entry !== null) this.#seekUnread(entry, cachedLog);
        this.#dropCleared(conversation);
        return;
      case 'changes':
        this.#askLog(cachedLog, cachedLog.log.applyChanges(answer));
        return;
      case 'messages':
        if (request.command === 'messages') this.#askLog(cachedLog, cachedLog.log.applyMessages(answer, request.names));
        return;
      case 'hidden':
        this.#askLog(cachedLog, cachedLog.log.applyHidden(answer));
        return;
      case 'not_member':
        this.askEntry(conversation);
        return;
      case 'reset': {
        // The held entry may belong to the lost history too. Distrusting it lets the next entry replace it, whatever the version, which
        // then triggers the first page.
        this.#drop(conversation);
        this.list.distrust(conversation);
        this.askEntry(conversation);
        return;
      }
    }
  }

  /**
   * Returns whether the log must be dropped because the user has cleared the history: it holds cleared rows, or answers in flight may
   * contain them.
   */
  #holdsCleared(entry: Entry, before: Entry | null): boolean {
    const lowest = this.logCache.get(entry.conversation)?.log.rows()[0]?.sequence ?? Number.POSITIVE_INFINITY;
    return lowest <= entry.cleared || (before !== null && before.cleared < entry.cleared);
  }

  /** Drops a log if it received a page that was read before the user cleared the history. */
  #dropCleared(conversation: ConversationId): void {
    const entry = this.list.entry(conversation);
    if (entry === null || !this.#holdsCleared(entry, null)) return;
    this.#drop(conversation);
    this.#refresh(entry);
  }

  #applyReaders(answer: Answers['readers'], conversation: ConversationId, scope: string): void {
    if (this.#enterEpoch(answer.epoch)) return;
    const cachedLog = this.logCache.get(conversation);
    if (answer.outcome === 'receipts' && cachedLog?.scope === scope) cachedLog.receipts.applyAnswer(answer);
  }

  #applyPins(answer: Answers['pins'], conversation: ConversationId, scope: string): void {
    if (this.#enterEpoch(answer.epoch)) return;
    const cachedLog = this.#live(conversation);
    if (answer.outcome !== 'messages' || cachedLog?.scope !== scope) return;
    cachedLog.pins.apply(answer);
    const entry = this.list.entry(conversation);
    if (entry !== null) this.#askPins(entry, cachedLog);
  }

  #cachedLog(conversation: ConversationId, root: number | null): CachedLog | null {
    return root === null ? this.logCache.get(conversation) : this.logCache.thread(conversation, root);
  }

  /** Returns the log if the user is a member, otherwise `null`, because answers and events for a former member are dropped (CH-11). */
  #live(conversation: ConversationId, root: number | null = null): CachedLog | null {
    return this.list.entry(conversation)?.member ? this.#cachedLog(conversation, root) : null;
  }

  #liveCachedLogs(conversation: ConversationId): readonly CachedLog[] {
    return this.list.entry(conversation)?.member ? this.logCache.cachedLogs(conversation) : [];
  }

  /** Requests what the logs of a conversation lack compared with its entry. */
  #refresh(entry: Entry): void {
    for (const cachedLog of this.#liveCachedLogs(entry.conversation)) {
      cachedLog.log.seeHidden(entry.hiddenAt);
      this.#askLog(cachedLog, cachedLog.log.seeHead(entry));
      this.#seekUnread(entry, cachedLog);
      if (cachedLog.log.root === null) this.#askPins(entry, cachedLog);
    }
  }

  /** Requests the first unread message of an open log, unless the newest page, which is in flight, will contain it. */
  #seekUnread({ conversation, sequence, unread }: Entry, { log, opened, readAtOpening }: CachedLog): void {
    if (opened === 0 || readAtOpening === null || unread === 0 || readAtOpening >= sequence) return;
    const near = log.top < sequence && sequence - readAtOpening <= this.#pageRows;
    if (near || log.rowCount >= this.#rowsMax || log.find(readAtOpening + 1) !== undefined) return;
    this.seek(conversation, readAtOpening + 1, null);
  }

  #askPins(entry: Entry, { pins, opened, scope }: CachedLog): void {
    const { conversation } = entry;
    if (opened > 0 && pins.isBehind(entry)) this.#pendingRequests.ask({ command: 'pins', conversation }, { scope });
  }

  #askOutdatedReceipts(entry: Entry, cachedLog: CachedLog): void {
    if (cachedLog.opened > 0 && cachedLog.receipts.membersAt < entry.membersAt) this.#askReceipts(entry, cachedLog);
  }

  #askReceipts(entry: Entry, cachedLog: CachedLog): void {
    if (entry.kind === 'direct' || entry.large || !entry.member) return;
    this.#pendingRequests.ask(
      { command: 'readers', conversation: entry.conversation, sequence: 0 },
      { scope: cachedLog.scope, again: true },
    );
  }

  #askLog(cachedLog: CachedLog, queries: readonly LogQuery[]): void {
    if (cachedLog.opened === 0) return;
    for (const query of queries) this.#pendingRequests.ask(query, { scope: cachedLog.scope });
  }

  #askList(): void {
    this.#pendingRequests.ask({ command: 'list', cursor: this.list.cursor }, { tick: this.list.tick, again: true });
  }

  #drop(conversation: ConversationId): void {
    this.logCache.drop(conversation);
    this.#observer.conversationDropped(conversation);
  }

  #dropLogs(): void {
    for (const conversation of this.logCache.conversations()) this.logCache.drop(conversation);
  }
}
