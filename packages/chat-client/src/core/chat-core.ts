// Longer than 300 lines, because it is the complete interface of one device to its shell. Each method is a few lines and delegates.
import {
  type Answers,
  type ChatErrorCode,
  type CommandId,
  type ConversationId,
  type Draft,
  type DraftResult,
  isKeyedCommand,
  isQuery,
  type KeyedCommand,
  type MessageName,
  type MessageRow,
  type Query,
  type ServerEvent,
  type UserId,
} from '@everywire/chat';
import type { Unsent } from '../chat-client.js';
import type { GapEnd } from './conversation-log.js';
import { type CoreLimits, coreLimits } from './core-limits.js';
import { DirectConversations } from './direct-conversations.js';
import type { DraftWrite } from './draft-writes.js';
import { Drafts } from './drafts.js';
import { type CoreEntry, EntryViews } from './entry-views.js';
import type { KeptDraft } from './local-draft.js';
import { isMessageAction, type MessageAction, OptimisticActions } from './optimistic-actions.js';
import { Outbox, type OutboxCode, type OutboxItem, type OutboxRefusal, type OutboxWrite } from './outbox.js';
import { isOwnCommand } from './own-commands.js';
import { provisionalOf } from './provisional.js';
import { ReadCursors } from './read-cursors.js';
import { Reading } from './reading.js';
import { type Reader, readerOf } from './receipts.js';
import { type OutgoingRequest, RequestQueue, type Settled } from './request-queue.js';
import { messageKey } from './row-view.js';
import { type StoredSync, SyncCore, type SyncObserver } from './sync-core.js';
import type { CoreTimeline } from './timeline-view.js';
import { TimelineViews } from './timeline-views.js';
import { TypingTable } from './typing-table.js';
import { UploadQueue } from './upload-queue.js';
import type { Attachment } from './waiting-file.js';
import { WatchRequests } from './watch-requests.js';

/** State stored between runs; JSON. Outbox items and drafts are written one by one as they change, the rest when convenient. */
export interface StoredCore {
  readonly sync: StoredSync | null;
  readonly outbox: readonly OutboxItem[];
  readonly drafts: readonly KeptDraft[];
}

/** How an outbox command ended. A failed `send` stays in the outbox until `retry` or `discard`. */
export type CommandOutcome =
  | { readonly outcome: 'done'; readonly command: KeyedCommand; readonly answer: Answers[KeyedCommand['command']] }
  | { readonly outcome: 'failed'; readonly command: KeyedCommand; readonly code: OutboxCode };

/**
 * Holds the state of one device of one user: what the device knows, which requests to send and what to show. The core has no I/O and no
 * clock. The code around it that has both is called the shell (`engine.ts`). The shell contains no rules. It does four things:
 *
 * 1. Calls `connected` when a session opens and `disconnected` when it is lost; passes each event to `applyEvent`.
 * 2. After *every* call, sends the requests from `takeRequests`. When one ends, calls `answered` or `refused` once with its token. Tokens
 *    of an earlier connection are ignored.
 * 3. After every call, writes `takeWrites` to the device, in order, and reports `takeOutcomes` to its callers. Writes `takeDraftWrites` in
 *    the same transaction, so that no text is stored both as sent and as a draft. Drafts alone may wait (`draftsUnwritten`).
 * 4. Calls `tick` once a second while anything is visible, sooner after a user action. Calls `resume` by the timers of CH-16
 *    (docs/spec/chat.md) and on `resync`, and `retryNow` some seconds after `stalled` became true.
 *
 * Views (`entries`, `timeline`) are the same object until something in them changes. Times are milliseconds since the epoch. Invalid input
 * from a server or a person never makes a method throw.
 */
export class ChatCore {
  readonly me: UserId;
  /** Files that messages of the outbox wait for. */
  readonly uploads: UploadQueue;
  /** Direct conversations by person, including those that are created on the server only with their first message. */
  readonly directs: DirectConversations;
  /** Marks messages as read. */
  readonly reading: Reading;
  readonly #limits: CoreLimits;
  readonly #pendingRequests: RequestQueue;
  readonly #sync: SyncCore;
  readonly #outbox: Outbox;
  readonly #cursors = new ReadCursors();
  readonly #drafts: Drafts;
  readonly #actions = new OptimisticActions();
  readonly #typing: TypingTable;
  readonly #watch: WatchRequests;
  readonly #outcomes: CommandOutcome[] = [];
  readonly #timelines: TimelineViews;
  readonly #entries: EntryViews;
  /** Queries refused with a retryable code. */
  #failed: Settled[] = [];
  /** Rises with each change of the typing users, so that views can be cached. */
  #typingVersion = 0;
  #stalled = false;

  constructor(options: { readonly me: UserId; readonly limits?: CoreLimits; readonly stored?: StoredCore | null }) {
    const { me, limits = coreLimits, stored = null } = options;
    this.me = me;
    this.#limits = limits;
    this.#pendingRequests = new RequestQueue(limits);
    this.#outbox = new Outbox(limits, stored?.outbox);
    this.uploads = new UploadQueue(this.#outbox, this.#settleFailed.bind(this), this.#flush.bind(this));
    this.#drafts = new Drafts(limits, stored?.drafts);
    this.#typing = new TypingTable(limits);
    const [pendingRequests, observer] = [this.#pendingRequests, this.#observer()];
    this.#sync = new SyncCore({ me, limits, pendingRequests, stored: stored?.sync ?? null, observer });
    this.#watch = new WatchRequests(pendingRequests, () => this.#sync.logCache.openConversations());
    const parts = { me, limits, sync: this.#sync, outbox: this.#outbox, drafts: this.#drafts, actions: this.#actions };
    this.directs = new DirectConversations({ ...parts, open: (conversation) => this.open(conversation) });
    this.reading = new Reading(this.#sync, this.#cursors);
    this.#timelines = new TimelineViews(parts);
    const { directs } = this;
    this.#entries = new EntryViews({ ...parts, cursors: this.#cursors, typing: this.#typing, directs });
    for (const entry of this.#sync.list.entries()) this.directs.see(entry);
  }

  /** Returns the list and the logs to store; `null` if nothing is known. `takeWrites` stores the outbox, `takeDraftWrites` drafts. */
  store(): StoredSync | null {
    return this.#sync.store();
  }

  // Connection

  /** Starts to use a new session, which has no state of the previous one. */
  connected(): void {
    this.#pendingRequests.connect();
    this.#sync.resume();
    this.#watch.request();
    this.#flush();
  }

  /** Abandons requests in flight. `connected` will send everything again. */
  disconnected(): void {
    this.#pendingRequests.disconnect();
    this.#failed = [];
    this.#stalled = false;
    this.#outbox.releaseAll();
    this.#cursors.failAll();
    this.#drafts.failAll();
  }

  /** Requests everything that may have been missed. Called by the timers of CH-16 and when the server requests it (`resync`). */
  resume(): void {
    this.#sync.resume();
  }

  /** Retries requests that were refused with a retryable code. */
  retryNow(): void {
    this.#stalled = false;
    for (const request of this.#failed.splice(0)) this.#sync.askAgain(request);
    this.#watch.retry();
    this.#flush();
  }

  /** Queues due read cursors and drafts for sending, and expires typing notices and old commands. */
  tick(now: number): void {
    if (this.#pendingRequests.connected) {
      for (const command of this.#cursors.takeDue(this.#limits.cursorsPerTick))
        this.#pendingRequests.ask(command, { urgency: 'soon' });
      for (const command of this.#drafts.takeDue(this.#draftOf)) this.#pendingRequests.ask(command);
    }
    if (this.#typing.expire(now).length > 0) this.#typingVersion += 1;
    for (const { command } of this.#outbox.expire(now)) this.#settleFailed(command, 'expired');
  }

  // Input

  /** Applies an event. Ignores `presence`, `profile` and `resync`, which the shell handles. */
  applyEvent(event: ServerEvent, now: number): void {
    switch (event.event) {
      case 'commit':
        if (event.row !== null) this.#stopTyping(event.conversation, event.row.sender);
        this.#sync.applyCommit(event);
        return;
      case 'own':
        this.#sync.applyOwn(event);
        return;
      case 'receipt':
        this.#sync.applyReceipt(event);
        return;
      case 'typing':
        if (this.#typing.apply(event, now)) this.#typingVersion += 1;
        return;
      case 'presence':
      case 'profile':
      case 'resync':
        return;
    }
  }

  /** Applies the server's answer to the request with this token. */
  answered(token: number, ok: Answers[keyof Answers]): void {
    const settled = this.#pendingRequests.settle(token);
    if (settled === null) return;
    const { request } = settled;
    if (isKeyedCommand(request)) {
      this.#commandDone(request, ok as Answers[KeyedCommand['command']]);
      return;
    }
    if (request.command === 'draft') {
      this.#drafts.answered(request, ok as DraftResult);
      return;
    }
    if (request.command === 'read') this.#cursors.confirmReadThread(request);
    if (isQuery(request)) this.#sync.applyAnswer(settled, ok as Answers[Query['command']]);
  }

  /** Handles a request that was refused or could not be sent. */
  refused(token: number, code: ChatErrorCode, retryable: boolean): void {
    const settled = this.#pendingRequests.settle(token);
    if (settled === null) return;
    const { request } = settled;
    if (isKeyedCommand(request) && code === 'id_reused' && this.#outbox.uploadedHere(request.id)) {
      // The message was sent before a reload or by another tab, with the files uploaded there. It will arrive with the history.
      this.uploads.adopt(request.id, null);
      return;
    }
    if (isKeyedCommand(request) && !retryable) {
      this.#outbox.fail(request.id, code);
      this.#settleFailed(request, code);
      this.#flush();
      return;
    }
    if (request.command === 'draft') this.#drafts.fail(request, retryable);
    if (request.command === 'watch') this.#watch.refused();
    if (!retryable) {
      this.#sync.refuse(settled, code);
      return;
    }
    this.#stalled = true;
    if (isKeyedCommand(request)) this.#outbox.release(request.id, code);
    else if (request.command === 'read' || request.command === 'delivered') this.#cursors.fail(request);
    else if (isQuery(request)) this.#failed.push(settled);
  }

  // Intents

  /** Queues a command, whose id the caller created when the composer was first filled. `files`: the attachments to show. */
  enqueue(command: KeyedCommand, now: number, files?: readonly Attachment[]): 'queued' | OutboxRefusal {
    const placed =
      'conversation' in command ? { ...command, conversation: this.directs.at(command.conversation) } : command;
    const withDraft = this.#drafts.named(placed, this.#draftOf);
    const queued = this.#outbox.enqueue(withDraft, now, files);
    if (queued !== 'queued') return queued;
    this.#drafts.enqueued(withDraft);
    this.#flush();
    return 'queued';
  }

  retry(id: CommandId, now: number): void {
    this.#outbox.retry(id, now);
    this.#flush();
  }

  /** Removes a command unless it is in flight. Returns `null` if it was not removed. */
  discard(id: CommandId): OutboxItem | null {
    return this.#outbox.discard(id);
  }

  /** Opens a conversation for a view. Calls nest: each needs one `close`. */
  open(conversation: ConversationId): void {
    const at = this.directs.count(conversation, 1);
    if (at !== null) this.#sync.open(at);
    this.#watch.request();
  }

  close(conversation: ConversationId): void {
    const at = this.directs.count(conversation, -1) ?? conversation;
    this.#sync.logCache.close(at);
    if (!this.#sync.logCache.isOpen(at)) this.#timelines.drop(at, null);
    this.#watch.request();
  }

  /** Opens a thread for a view, by the sequence of its root; nests like `open`. */
  openThread(conversation: ConversationId, root: number): void {
    this.#sync.openThread(conversation, root);
    this.#watch.request();
  }

  closeThread(conversation: ConversationId, root: number): void {
    this.#sync.logCache.closeThread(conversation, root);
    if (this.#sync.logCache.thread(conversation, root) === null) this.#timelines.drop(conversation, root);
    this.#watch.request();
  }

  loadOlder(conversation: ConversationId, root: number | null = null): void {
    this.#sync.loadOlder(conversation, root);
  }

  fillGap(conversation: ConversationId, low: number, root: number | null = null, from: GapEnd = 'newer'): void {
    this.#sync.fillGap(conversation, low, root, from);
  }

  /** Requests a message of an open log and the rows around it. */
  seek(conversation: ConversationId, sequence: number, root: number | null): void {
    this.#sync.seek(conversation, sequence, root);
  }

  /** Returns the sought row; `null` if not visible, `'asked'` while in flight, `undefined` if the caller must call `seek` (again). */
  find(conversation: ConversationId, sequence: number, root: number | null): MessageRow | null | 'asked' | undefined {
    return this.#sync.find(conversation, sequence, root);
  }

  loadMoreEntries(): void {
    this.#sync.loadMoreEntries();
  }

  /** Returns the sequence of the conversation's last message, as known to this device; 0 if there is none. */
  topOf(conversation: ConversationId): number {
    return this.#sync.list.entry(conversation)?.sequence ?? 0;
  }

  setDraft(conversation: ConversationId, text: string): void {
    this.#drafts.set(conversation, text, this.#draftOf(conversation));
  }

  // Views

  /** Returns the entries in list order, without dismissed ones. */
  entries(): readonly CoreEntry[] {
    return this.#entries.get(this.#typingVersion);
  }

  /** Returns the entry of a provisional (not yet created) conversation. `entries` includes it while a message waits in it. */
  provisional(conversation: ConversationId): CoreEntry {
    return this.#entries.provisional(conversation);
  }

  /** Returns whether older conversations exist that `entries` lacks. */
  get moreEntries(): boolean {
    return this.#sync.list.more;
  }

  /** Returns whether the conversation list is not known yet, neither from the server nor from the device's storage. */
  get empty(): boolean {
    return this.#sync.list.cursor === null;
  }

  /** Returns the timeline of an open conversation or of one of its threads. */
  timeline(conversation: ConversationId, root: number | null = null): CoreTimeline {
    return this.#timelines.get(conversation, root, this.#pendingRequests.connected);
  }

  /** Returns the held message with this key, without pending changes of this user; `null` if none is held. */
  row(conversation: ConversationId, key: string, root: number | null = null): MessageRow | null {
    const { logCache } = this.#sync;
    const cachedLog = root === null ? logCache.get(conversation) : logCache.thread(conversation, root);
    const rows = [...(cachedLog?.log.rows() ?? []), ...(cachedLog?.pins.rows ?? [])];
    return rows.find((row) => messageKey(row) === key) ?? null;
  }

  /**
   * Returns the message by which a reply names a thread: the root, or a reply if the root is not visible (CH-21); `null` if none is held.
   */
  threadName(conversation: ConversationId, root: number): MessageName | null {
    const row = this.#sync.logCache.thread(conversation, root)?.log.rows()[0];
    return row === undefined ? null : { sequence: row.sequence, id: row.id };
  }

  /** Returns each other member's receipt of a message; `null` in a large conversation, where only the server knows the receipts. */
  readers(conversation: ConversationId, sequence: number): readonly Reader[] | null {
    const entry = this.#sync.list.entry(conversation);
    if (entry === null || entry.large) return null;
    if (entry.peer !== null) return [readerOf(entry.peer, sequence)];
    return this.#sync.logCache.get(conversation)?.receipts.readersOf(sequence, this.me) ?? [];
  }

  typing(conversation: ConversationId): readonly UserId[] {
    return this.#typing.users(conversation);
  }

  /** Returns when `tick` must next expire a typing notice, in milliseconds since the epoch; `null` if there is none. */
  get nextTypingEndAt(): number | null {
    return this.#typing.nextEndAt;
  }

  /** Returns the text of the composer (the input field) of a conversation. */
  draft(conversation: ConversationId): string {
    return this.#drafts.text(conversation, this.#draftOf(conversation) ?? { text: '', revision: 0 });
  }

  /** Returns how many messages and drafts the server does not have. */
  unsent(): Unsent {
    return { messages: this.#outbox.sends, drafts: this.#drafts.unsent };
  }

  // Output

  takeRequests(): readonly OutgoingRequest[] {
    return this.#pendingRequests.takeOutgoing();
  }

  /** Takes the changes of the outbox to write to the device, in order. */
  takeWrites(): readonly OutboxWrite[] {
    return this.#outbox.takeWrites();
  }

  /** Returns whether `takeDraftWrites` has anything to write. */
  get draftsUnwritten(): boolean {
    return this.#drafts.unwritten;
  }

  /** Takes the changes of drafts to write to the device. */
  takeDraftWrites(): readonly DraftWrite[] {
    return this.#drafts.takeWrites();
  }

  /** Takes the commands that ended since the last call. */
  takeOutcomes(): readonly CommandOutcome[] {
    return this.#outcomes.splice(0);
  }

  /** Returns whether a request was refused that may succeed later. The shell then calls `retryNow` after a pause. */
  get stalled(): boolean {
    return this.#stalled;
  }

  /** Returns whether `tick` has anything to send. */
  get due(): boolean {
    return this.#cursors.due || this.#drafts.due;
  }

  readonly #draftOf = (conversation: ConversationId): Draft | null =>
    this.#sync.list.entry(conversation)?.draft ?? null;

  #observer(): SyncObserver {
    return {
      entryTaken: (entry) => {
        const { conversation } = entry;
        this.directs.see(entry);
        this.#cursors.confirmRead(conversation, entry.read);
        this.#drafts.see(conversation, entry.draft);
        if (entry.member && !entry.large && entry.unread > 0) this.#cursors.wantDelivered(conversation, entry.sequence);
        this.#watch.seen(conversation);
      },
      conversationDropped: (conversation) => {
        this.#cursors.forget(conversation);
        this.#actions.forget(conversation);
      },
      historyDropped: () => {
        this.#cursors.forgetAll();
        this.#drafts.forgetRevisions();
        this.#actions.forgetAll();
      },
    };
  }

  #commandDone(command: KeyedCommand, answer: Answers[KeyedCommand['command']]): void {
    const item = this.#outbox.succeed(command.id);
    if (command.command === 'createDirect')
      this.directs.learn(command.peer, (answer as Answers['createDirect']).conversation);
    if (command.command === 'send') this.#sync.applySent(command, answer as Answers['send']);
    else if (isMessageAction(command)) this.#actionDone(command, answer as Answers[MessageAction['command']]);
    else if (command.command === 'forward')
      this.#sync.seeHead(command.conversation, answer as Answers['forward'], answer.epoch);
    else if ('conversation' in answer) this.#sync.askEntry(answer.conversation);
    else if (isOwnCommand(command)) this.#sync.askEntry(command.conversation);
    if (item !== null) this.#outcomes.push({ outcome: 'done', command, answer });
    this.#flush();
  }

  #actionDone(action: MessageAction, answer: Answers[MessageAction['command']]): void {
    const modification = 'modification' in answer ? answer.modification : null;
    this.#actions.done(action, modification);
    if (modification === null) this.#sync.askEntry(action.conversation);
    else this.#sync.seeHead(action.conversation, { sequence: 0, modification }, answer.epoch);
  }

  /** Records the failure of a command. Removes the command, except a message: the user decides whether to retry or discard it. */
  #settleFailed(command: KeyedCommand, code: OutboxCode): void {
    if (command.command !== 'send') this.#outbox.discard(command.id);
    this.#outcomes.push({ outcome: 'failed', command, code });
    if (command.command !== 'createDirect') return;
    for (const { command: send } of this.#outbox.sendsTo(provisionalOf(command.peer))) {
      this.#outbox.fail(send.id, code);
      this.#outcomes.push({ outcome: 'failed', command: send, code });
    }
  }

  #stopTyping(conversation: ConversationId, user: UserId): void {
    if (this.#typing.stop(conversation, user)) this.#typingVersion += 1;
  }

  #flush(): void {
    if (!this.#pendingRequests.connected) return;
    const next = this.#outbox.takeNext();
    for (const request of next.flatMap((command) => [...this.#cursors.takeBefore(command), command]))
      this.#pendingRequests.ask(request);
  }
}
