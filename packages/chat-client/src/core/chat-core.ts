// Longer than 300 lines: the whole face of one device towards its shell; every method is a few lines and hands on.
import {
  type Answers,
  type CommandId,
  type ConversationId,
  type Draft,
  type DraftResult,
  type ErrorCode,
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
import { CursorBook } from './cursor-book.js';
import { type Deed, DeedBook, isDeed } from './deed-book.js';
import { DirectBook } from './direct-book.js';
import { DraftBook } from './draft-book.js';
import type { DraftWrite } from './draft-writes.js';
import { type CoreEntry, EntryViews } from './entry-views.js';
import type { KeptDraft } from './local-draft.js';
import { Outbox, type OutboxCode, type OutboxItem, type OutboxRefusal, type OutboxWrite } from './outbox.js';
import { isOwnCommand } from './own-commands.js';
import { provisionalOf } from './provisional.js';
import { type Reader, readerOf } from './receipt-book.js';
import { type Outgoing, RequestLedger, type Settled } from './request-ledger.js';
import { messageKey } from './row-view.js';
import { type StoredSync, SyncCore, type SyncObserver } from './sync-core.js';
import type { CoreTimeline } from './timeline-view.js';
import { TimelineViews } from './timeline-views.js';
import { TypingTable } from './typing-table.js';
import { UploadQueue } from './upload-queue.js';
import type { Attachment } from './waiting-file.js';

/** What of a device's state outlives the application; JSON. Outbox and drafts are kept one by one as they change, the rest when convenient. */
export interface StoredCore {
  readonly sync: StoredSync | null;
  readonly outbox: readonly OutboxItem[];
  readonly drafts: readonly KeptDraft[];
}

/** How a command of the outbox ended, for whoever waits for it. A failed `send` stays in the outbox until `retry` or `discard`. */
export type CommandOutcome =
  | { readonly outcome: 'done'; readonly command: KeyedCommand; readonly answer: Answers[KeyedCommand['command']] }
  | { readonly outcome: 'failed'; readonly command: KeyedCommand; readonly code: OutboxCode };

/**
 * One device of one user, without I/O and without a clock: what it knows, what it wants to be asked, what it shows.
 *
 * The shell does four things and holds no rule:
 *
 * 1. Calls `connected` when a session is open and `disconnected` when it is gone; gives each event to `applyEvent`.
 * 2. After *every* call, sends what `takeRequests` gives, and later calls `answered` or `refused` with its token, once. Tokens of an
 *    earlier connection are ignored.
 * 3. After every call, writes what `takeWrites` gives to the device, in order, and resolves its callers by `takeOutcomes`. What
 *    `takeDraftWrites` gives is written with it, at once, so that no text is kept both as sent and as a draft; with nothing of the outbox
 *    it may wait a moment (`draftsUnwritten`).
 * 4. Calls `tick` once a second while anything is visible (cursors, drafts, typing, expiry), sooner for what a person did, `resume` by the
 *    timers of CH-16 and on
 *    `resync`, and `retryNow` some seconds after `stalled` became true.
 *
 * Views (`entries`, `timeline`) keep their identity until something in them changed, so the shell can compare.
 * Times are milliseconds since the epoch. Nothing here throws for what a server or a person does.
 */
export class ChatCore {
  readonly me: UserId;
  /** Files that messages of the outbox wait for. */
  readonly uploads: UploadQueue;
  /** Direct conversations by person, and those that begin with their first message. */
  readonly directs: DirectBook;
  readonly #limits: CoreLimits;
  readonly #ledger: RequestLedger;
  readonly #sync: SyncCore;
  readonly #outbox: Outbox;
  readonly #cursors = new CursorBook();
  readonly #drafts: DraftBook;
  readonly #deeds = new DeedBook();
  readonly #typing: TypingTable;
  readonly #outcomes: CommandOutcome[] = [];
  readonly #timelines: TimelineViews;
  readonly #entries: EntryViews;
  /** Queries refused for now. */
  #failed: Settled[] = [];
  #typingVersion = 0;
  #stalled = false;

  constructor(options: { readonly me: UserId; readonly limits?: CoreLimits; readonly stored?: StoredCore | null }) {
    const { me, limits = coreLimits, stored = null } = options;
    this.me = me;
    this.#limits = limits;
    this.#ledger = new RequestLedger(limits);
    this.#outbox = new Outbox(limits, stored?.outbox);
    this.uploads = new UploadQueue(this.#outbox, this.#settleFailed.bind(this), this.#flush.bind(this));
    this.#drafts = new DraftBook(limits, stored?.drafts);
    this.#typing = new TypingTable(limits);
    const [ledger, observer] = [this.#ledger, this.#observer()];
    this.#sync = new SyncCore({ me, limits, ledger, stored: stored?.sync ?? null, observer });
    const books = { me, limits, sync: this.#sync, outbox: this.#outbox, drafts: this.#drafts, deeds: this.#deeds };
    this.directs = new DirectBook({ ...books, open: (conversation) => this.open(conversation) });
    this.#timelines = new TimelineViews(books);
    const { directs } = this;
    this.#entries = new EntryViews({ ...books, cursors: this.#cursors, typing: this.#typing, directs });
    for (const entry of this.#sync.list.entries()) this.directs.see(entry);
  }

  /** What to keep on the device; the outbox is kept by `takeWrites`, drafts by `takeDraftWrites`. */
  store(): StoredSync | null {
    return this.#sync.store();
  }

  // Connection

  /** A session is open, which knows nothing of the one before. */
  connected(): void {
    this.#ledger.connect();
    this.#sync.resume();
    this.#watch();
    this.#flush();
  }

  /** Answers that are still missing will not come; everything is asked again by `connected`. */
  disconnected(): void {
    this.#ledger.disconnect();
    this.#failed = [];
    this.#stalled = false;
    this.#outbox.releaseAll();
    this.#cursors.failAll();
    this.#drafts.failAll();
  }

  /** Asks for whatever was missed: by the timers of CH-16, and when the server says so. */
  resume(): void {
    this.#sync.resume();
  }

  /** Asks again what was refused for now. */
  retryNow(): void {
    this.#stalled = false;
    for (const request of this.#failed.splice(0)) this.#sync.askAgain(request);
    this.#flush();
  }

  tick(now: number): void {
    if (this.#ledger.connected) {
      for (const command of this.#cursors.takeDue(this.#limits.cursorsPerTick))
        this.#ledger.ask(command, { urgency: 'soon' });
      for (const command of this.#drafts.takeDue(this.#draftOf)) this.#ledger.ask(command);
    }
    if (this.#typing.expire(now).length > 0) this.#typingVersion += 1;
    for (const { command } of this.#outbox.expire(now)) this.#settleFailed(command, 'expired');
  }

  // Input

  /** `presence`, `profile` and `resync` are the shell's. */
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

  /** `ok` is what the server answered to the request of this token. */
  answered(token: number, ok: Answers[keyof Answers]): void {
    const settled = this.#ledger.settle(token);
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

  /** The request of this token was refused, or could not be sent. */
  refused(token: number, code: ErrorCode, retryable: boolean): void {
    const settled = this.#ledger.settle(token);
    if (settled === null) return;
    const { request } = settled;
    if (isKeyedCommand(request) && code === 'id_reused' && this.#outbox.uploadedHere(request.id)) {
      // Sent already, before a reload or by another tab, with what went up there: the message comes with the history.
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

  /** Puts a command into the outbox. Its id was minted once, when the composer was first filled. `files`: what goes along with a `send`, to be shown. */
  enqueue(command: KeyedCommand, now: number, files?: readonly Attachment[]): 'queued' | OutboxRefusal {
    const placed =
      'conversation' in command ? { ...command, conversation: this.directs.at(command.conversation) } : command;
    const named = this.#drafts.named(placed, this.#draftOf);
    const queued = this.#outbox.enqueue(named, now, files);
    if (queued !== 'queued') return queued;
    this.#drafts.enqueued(named);
    this.#flush();
    return 'queued';
  }

  retry(id: CommandId, now: number): void {
    this.#outbox.retry(id, now);
    this.#flush();
  }

  /** Takes a command out that is not under way. */
  discard(id: CommandId): OutboxItem | null {
    return this.#outbox.discard(id);
  }

  /** A view of the conversation appeared. May be nested; each is to be closed. */
  open(conversation: ConversationId): void {
    const at = this.directs.count(conversation, 1);
    if (at !== null) this.#sync.open(at);
    this.#watch();
  }

  close(conversation: ConversationId): void {
    const at = this.directs.count(conversation, -1) ?? conversation;
    this.#sync.shelf.close(at);
    if (!this.#sync.shelf.isOpen(at)) this.#timelines.drop(at, null);
    this.#watch();
  }

  /** A view of one thread appeared, by the sequence of its root; as `open`. */
  openThread(conversation: ConversationId, root: number): void {
    this.#sync.openThread(conversation, root);
    this.#watch();
  }

  closeThread(conversation: ConversationId, root: number): void {
    this.#sync.shelf.closeThread(conversation, root);
    if (this.#sync.shelf.thread(conversation, root) === null) this.#timelines.drop(conversation, root);
    this.#watch();
  }

  loadOlder(conversation: ConversationId, root: number | null = null): void {
    this.#sync.loadOlder(conversation, root);
  }

  fillGap(conversation: ConversationId, low: number, root: number | null = null, from: GapEnd = 'newer'): void {
    this.#sync.fillGap(conversation, low, root, from);
  }

  /** Wants a message of an open log held, with what is around it. */
  seek(conversation: ConversationId, sequence: number, root: number | null): void {
    this.#sync.seek(conversation, sequence, root);
  }

  /** What became of it: the row, `null` where this person cannot see it, `'asked'`, or `undefined` where `seek` is to be called (again). */
  find(conversation: ConversationId, sequence: number, root: number | null): MessageRow | null | 'asked' | undefined {
    return this.#sync.find(conversation, sequence, root);
  }

  loadMoreEntries(): void {
    this.#sync.loadMoreEntries();
  }

  /** The person has seen everything up to `top`: all that is held, if nothing else is said. Told by the next `tick`. */
  markRead(conversation: ConversationId, top: number = this.#sync.shelf.get(conversation)?.log.top ?? 0): void {
    const entry = this.#sync.list.entry(conversation);
    if (entry?.member && (top > entry.read || entry.mark)) this.#cursors.wantRead(conversation, top);
  }

  /** The last sequence this device has heard of. */
  topOf(conversation: ConversationId): number {
    return this.#sync.list.entry(conversation)?.sequence ?? 0;
  }

  /** The person has seen everything that is held of the thread. */
  markThreadRead(conversation: ConversationId, root: number): void {
    const unread = this.#sync.list.entry(conversation)?.threads.some((thread) => thread.root === root);
    const top = this.#sync.shelf.thread(conversation, root)?.log.top ?? 0;
    if (unread && top > this.#cursors.readThreadUpTo(conversation, root))
      this.#cursors.wantReadThread(conversation, root, top);
  }

  setDraft(conversation: ConversationId, text: string): void {
    this.#drafts.set(conversation, text, this.#draftOf(conversation));
  }

  // Views

  /** In list order, but for what was dismissed. */
  entries(): readonly CoreEntry[] {
    return this.#entries.get(this.#typingVersion);
  }

  /** A conversation that begins with its first message. It is in `entries` while one waits in it. */
  provisional(conversation: ConversationId): CoreEntry {
    return this.#entries.provisional(conversation);
  }

  /** Older conversations exist that `entries` does not have. */
  get moreEntries(): boolean {
    return this.#sync.list.more;
  }

  /** Nothing was learnt yet, from the server or from the device. */
  get empty(): boolean {
    return this.#sync.list.cursor === null;
  }

  /** The rows of a conversation that is open, or of one of its threads. */
  timeline(conversation: ConversationId, root: number | null = null): CoreTimeline {
    return this.#timelines.get(conversation, root, this.#ledger.connected);
  }

  /** The message with this key among those that are held, as the server has it. */
  row(conversation: ConversationId, key: string, root: number | null = null): MessageRow | null {
    const { shelf } = this.#sync;
    const volume = root === null ? shelf.get(conversation) : shelf.thread(conversation, root);
    const rows = [...(volume?.log.rows() ?? []), ...(volume?.pins.rows ?? [])];
    return rows.find((row) => messageKey(row) === key) ?? null;
  }

  /** What a reply names its thread by: the root, or where that cannot be seen any reply (CH-21). `null` while nothing of it is held. */
  threadName(conversation: ConversationId, root: number): MessageName | null {
    const row = this.#sync.shelf.thread(conversation, root)?.log.rows()[0];
    return row === undefined ? null : { sequence: row.sequence, id: row.id };
  }

  /** How far a message got: each other member of a small group, or the peer. `null` in a large conversation: the server counts. */
  readers(conversation: ConversationId, sequence: number): readonly Reader[] | null {
    const entry = this.#sync.list.entry(conversation);
    if (entry === null || entry.large) return null;
    if (entry.peer !== null) return [readerOf(entry.peer, sequence)];
    return this.#sync.shelf.get(conversation)?.receipts.readersOf(sequence, this.me) ?? [];
  }

  typing(conversation: ConversationId): readonly UserId[] {
    return this.#typing.users(conversation);
  }

  /** When `tick` next has a typing notice to end, or `null`. */
  get nextTypingEndAt(): number | null {
    return this.#typing.nextEndAt;
  }

  /** What stands in the composer. */
  draft(conversation: ConversationId): string {
    return this.#drafts.text(conversation, this.#draftOf(conversation) ?? { text: '', revision: 0 });
  }

  unsent(): Unsent {
    return { messages: this.#outbox.sends, drafts: this.#drafts.unsent };
  }

  // Output

  takeRequests(): readonly Outgoing[] {
    return this.#ledger.takeOutgoing();
  }

  takeWrites(): readonly OutboxWrite[] {
    return this.#outbox.takeWrites();
  }

  /** Whether `takeDraftWrites` has anything to write. */
  get draftsUnwritten(): boolean {
    return this.#drafts.unwritten;
  }

  takeDraftWrites(): readonly DraftWrite[] {
    return this.#drafts.takeWrites();
  }

  takeOutcomes(): readonly CommandOutcome[] {
    return this.#outcomes.splice(0);
  }

  /** Something was refused that may succeed later: call `retryNow` after a pause. */
  get stalled(): boolean {
    return this.#stalled;
  }

  /** Whether `tick` has anything to tell the server. */
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
      },
      conversationDropped: (conversation) => {
        this.#cursors.forget(conversation);
        this.#deeds.forget(conversation);
      },
      historyDropped: () => {
        this.#cursors.forgetAll();
        this.#drafts.forgetRevisions();
        this.#deeds.forgetAll();
      },
    };
  }

  #commandDone(command: KeyedCommand, answer: Answers[KeyedCommand['command']]): void {
    const item = this.#outbox.succeed(command.id);
    if (command.command === 'createDirect')
      this.directs.learn(command.peer, (answer as Answers['createDirect']).conversation);
    if (command.command === 'send') this.#sync.applySent(command, answer as Answers['send']);
    else if (isDeed(command)) this.#deedDone(command, answer as Answers[Deed['command']]);
    else if (command.command === 'forward')
      this.#sync.seeHead(command.conversation, answer as Answers['forward'], answer.epoch);
    else if ('conversation' in answer) this.#sync.askEntry(answer.conversation);
    else if (isOwnCommand(command)) this.#sync.askEntry(command.conversation);
    if (item !== null) this.#outcomes.push({ outcome: 'done', command, answer });
    this.#flush();
  }

  #deedDone(deed: Deed, answer: Answers[Deed['command']]): void {
    const modification = 'modification' in answer ? answer.modification : null;
    this.#deeds.done(deed, modification);
    if (modification === null) this.#sync.askEntry(deed.conversation);
    else this.#sync.seeHead(deed.conversation, { sequence: 0, modification }, answer.epoch);
  }

  /** A text stays in the outbox for the person to decide; nobody would find anything else there. */
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

  #watch(): void {
    this.#ledger.ask({ command: 'watch', conversations: this.#sync.shelf.openConversations() });
  }

  #flush(): void {
    if (!this.#ledger.connected) return;
    const next = this.#outbox.takeNext();
    for (const asked of next.flatMap((command) => [...this.#cursors.takeBefore(command), command]))
      this.#ledger.ask(asked);
  }
}
