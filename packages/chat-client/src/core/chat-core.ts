// Longer than 300 lines: the whole face of one device towards its shell; every method is a few lines and hands on.
import type {
  Answers,
  CommandId,
  ConversationId,
  DraftResult,
  Entry,
  ErrorCode,
  KeyedCommand,
  Query,
  ServerEvent,
  UserId,
} from '@everywire/chat';
import { type CoreLimits, coreLimits } from './core-limits.js';
import { CursorBook } from './cursor-book.js';
import { DraftBook } from './draft-book.js';
import { Memo } from './memo.js';
import { Outbox, type OutboxCode, type OutboxItem, type OutboxWrite } from './outbox.js';
import { type Asked, type Outgoing, RequestLedger, type Settled } from './request-ledger.js';
import { type StoredSync, SyncCore, type SyncObserver } from './sync-core.js';
import { type CoreTimeline, lastEchoes, viewTimeline } from './timeline-view.js';
import { TypingTable } from './typing-table.js';

/** What of a device's state outlives the application; JSON. The outbox is kept item by item as it changes, the rest when convenient. */
export interface StoredCore {
  readonly sync: StoredSync | null;
  readonly outbox: readonly OutboxItem[];
}

/** How a command of the outbox ended, for whoever waits for it. A failed `send` stays in the outbox until `retry` or `discard`. */
export type CommandOutcome =
  | { readonly outcome: 'done'; readonly command: KeyedCommand; readonly answer: Answers[KeyedCommand['command']] }
  | { readonly outcome: 'failed'; readonly command: KeyedCommand; readonly code: OutboxCode };

/** A conversation as the list shows it. */
export interface CoreEntry {
  readonly entry: Entry;
  /** What this device has read does not count, whether the server knows or not. */
  readonly unread: number;
  readonly draft: string;
  /** A text of this device that is not sent yet: shown instead of the preview. */
  readonly pending: OutboxItem | null;
  readonly typing: readonly UserId[];
}

/**
 * One device of one user, without I/O and without a clock: what it knows, what it wants to be asked, what it shows.
 *
 * The shell does four things and holds no rule:
 *
 * 1. Calls `connected` when a session is open and `disconnected` when it is gone; gives each event to `applyEvent`.
 * 2. After *every* call, sends what `takeRequests` gives, and later calls `answered` or `refused` with its token, once. Tokens of an
 *    earlier connection are ignored.
 * 3. After every call, writes what `takeWrites` gives to the device, in order, and resolves its callers by `takeOutcomes`.
 * 4. Calls `tick` once a second while anything is visible (cursors, drafts, typing, expiry), `resume` by the timers of CH-16 and on
 *    `resync`, and `retryNow` some seconds after `stalled` became true.
 *
 * Views (`entries`, `timeline`) keep their identity until something in them changed, so the shell can compare.
 * Times are milliseconds since the epoch. Nothing here throws for what a server or a person does.
 */
export class ChatCore {
  readonly me: UserId;
  readonly #limits: CoreLimits;
  readonly #ledger = new RequestLedger();
  readonly #sync: SyncCore;
  readonly #outbox: Outbox;
  readonly #cursors = new CursorBook();
  readonly #drafts = new DraftBook();
  readonly #typing: TypingTable;
  readonly #outcomes: CommandOutcome[] = [];
  readonly #timelines = new Map<ConversationId, Memo<CoreTimeline>>();
  readonly #entries = new Memo<readonly CoreEntry[]>();
  /** Queries refused for now. */
  #failed: Settled[] = [];
  #typingVersion = 0;
  #stalled = false;

  constructor(options: { readonly me: UserId; readonly limits?: CoreLimits; readonly stored?: StoredCore | null }) {
    const { me, limits = coreLimits, stored = null } = options;
    this.me = me;
    this.#limits = limits;
    this.#outbox = new Outbox(limits, stored?.outbox);
    this.#typing = new TypingTable(limits);
    this.#sync = new SyncCore({
      me,
      limits,
      ledger: this.#ledger,
      stored: stored?.sync ?? null,
      observer: this.#observer(),
    });
  }

  /** What to keep on the device; the outbox is kept by `takeWrites`. */
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
      for (const command of this.#cursors.takeDue(this.#limits.deliveredPerTick)) this.#ledger.ask(command);
      for (const command of this.#drafts.takeDue((conversation) => this.#sync.list.entry(conversation)?.draft ?? null))
        this.#ledger.ask(command);
    }
    if (this.#typing.expire(now).length > 0) this.#typingVersion += 1;
    for (const { command } of this.#outbox.expire(now)) this.#settleFailed(command, 'expired');
  }

  // Input

  /** `presence` and `resync` are the shell's. */
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
      case 'resync':
        return;
    }
  }

  /** `ok` is what the server answered to the request of this token. */
  answered(token: number, ok: Answers[keyof Answers]): void {
    const settled = this.#ledger.settle(token);
    if (settled === null) return;
    const { request } = settled;
    if (isKeyed(request)) {
      this.#commandDone(request, ok as Answers[KeyedCommand['command']]);
      return;
    }
    if (request.command === 'draft') {
      this.#drafts.answered(request, ok as DraftResult);
      return;
    }
    if (isQuery(request)) this.#sync.applyAnswer(settled, ok as Answers[Query['command']]);
  }

  /** The request of this token was refused, or could not be sent. */
  refused(token: number, code: ErrorCode, retryable: boolean): void {
    const settled = this.#ledger.settle(token);
    if (settled === null) return;
    const { request } = settled;
    if (isKeyed(request) && !retryable) {
      this.#outbox.fail(request.id, code);
      this.#settleFailed(request, code);
      this.#flush();
      return;
    }
    if (!retryable) return;
    this.#stalled = true;
    if (isKeyed(request)) this.#outbox.release(request.id);
    else if (request.command === 'draft') this.#drafts.fail(request);
    else if (request.command === 'read' || request.command === 'delivered') this.#cursors.fail(request);
    else if (isQuery(request)) this.#failed.push(settled);
  }

  // Intents

  /** Puts a command into the outbox. Its id was minted once, when the composer was first filled. */
  enqueue(command: KeyedCommand, now: number): 'queued' | 'outbox_full' {
    const queued = this.#outbox.enqueue(command, now);
    if (queued === 'outbox_full') return queued;
    const draft = command.command === 'send' ? this.#sync.list.entry(command.conversation)?.draft : undefined;
    if (command.command === 'send' && draft !== undefined) this.#drafts.sent(command.conversation, draft);
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
    this.#sync.open(conversation);
    this.#watch();
  }

  close(conversation: ConversationId): void {
    this.#sync.shelf.close(conversation);
    if (!this.#sync.shelf.isOpen(conversation)) this.#timelines.delete(conversation);
    this.#watch();
  }

  loadOlder(conversation: ConversationId): void {
    this.#sync.loadOlder(conversation, this.#limits.timelineRowsMax);
  }

  fillGap(conversation: ConversationId, low: number): void {
    this.#sync.fillGap(conversation, low);
  }

  loadMoreEntries(): void {
    this.#sync.loadMoreEntries();
  }

  /** The person has seen everything that is held up to the end. Told by the next `tick`. */
  markRead(conversation: ConversationId): void {
    const entry = this.#sync.list.entry(conversation);
    const top = this.#sync.shelf.get(conversation)?.log.top ?? 0;
    if (entry?.member && (top > entry.read || entry.mark)) this.#cursors.wantRead(conversation, top);
  }

  setDraft(conversation: ConversationId, text: string): void {
    this.#drafts.set(conversation, text);
  }

  // Views

  /** In list order. */
  entries(): readonly CoreEntry[] {
    const { list } = this.#sync;
    return this.#entries.get(
      [list.version, this.#outbox.version, this.#cursors.version, this.#drafts.version, this.#typingVersion],
      () => {
        const pending = lastEchoes(this.#outbox.items());
        return list.entries().map((entry) => ({
          entry,
          unread: this.#unread(entry),
          draft: this.#drafts.text(entry.conversation, entry.draft),
          pending: pending.get(entry.conversation) ?? null,
          typing: this.#typing.users(entry.conversation),
        }));
      },
    );
  }

  /** Older conversations exist that `entries` does not have. */
  get moreEntries(): boolean {
    return this.#sync.list.more;
  }

  /** Nothing was learnt yet, from the server or from the device. */
  get empty(): boolean {
    return this.#sync.list.cursor === null;
  }

  /** The rows of a conversation that is open. */
  timeline(conversation: ConversationId): CoreTimeline {
    const { list, shelf } = this.#sync;
    const [entry, volume] = [list.entry(conversation), shelf.get(conversation)];
    const isLoading = (low: number | null): boolean => this.#sync.isLoading(conversation, low);
    const loading = [null, ...(volume?.log.gaps ?? [])].map(isLoading).join();
    const absent = this.#sync.isAbsent(conversation);
    const connected = this.#ledger.connected;
    const memo = this.#timelines.get(conversation) ?? new Memo<CoreTimeline>();
    this.#timelines.set(conversation, memo);
    return memo.get(
      [entry, volume, volume?.log.version, volume?.receipts.version, this.#outbox.version, connected, loading, absent],
      () => {
        const echoes = this.#outbox
          .items()
          .filter(({ command }) => command.command === 'send' && command.conversation === conversation);
        return viewTimeline({ me: this.me, entry, volume, absent, echoes, connected, isLoading });
      },
    );
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
    return this.#drafts.text(conversation, this.#sync.list.entry(conversation)?.draft ?? { text: '', revision: 0 });
  }

  // Output

  takeRequests(): readonly Outgoing[] {
    return this.#ledger.takeOutgoing();
  }

  takeWrites(): readonly OutboxWrite[] {
    return this.#outbox.takeWrites();
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

  #observer(): SyncObserver {
    return {
      entryTaken: (entry) => {
        const { conversation } = entry;
        this.#cursors.confirmRead(conversation, entry.read);
        this.#drafts.see(conversation, entry.draft);
        if (entry.member && !entry.large && entry.unread > 0) this.#cursors.wantDelivered(conversation, entry.sequence);
      },
      conversationDropped: (conversation) => this.#cursors.forget(conversation),
      historyDropped: () => {
        this.#cursors.forgetAll();
        this.#drafts.forgetRevisions();
      },
    };
  }

  /** What was read here counts at once: no more is unread than came after it. */
  #unread(entry: Entry): number {
    const read = this.#cursors.readUpTo(entry.conversation);
    return read > entry.read ? Math.min(entry.unread, Math.max(0, entry.sequence - read)) : entry.unread;
  }

  #commandDone(command: KeyedCommand, answer: Answers[KeyedCommand['command']]): void {
    const item = this.#outbox.succeed(command.id);
    if (command.command === 'send') this.#sync.applySent(command, answer as Answers['send']);
    else if ('conversation' in answer) this.#sync.askEntry(answer.conversation);
    if (item !== null) this.#outcomes.push({ outcome: 'done', command, answer });
    this.#flush();
  }

  /** A text stays in the outbox for the person to decide; nobody would find anything else there. */
  #settleFailed(command: KeyedCommand, code: OutboxCode): void {
    if (command.command !== 'send') this.#outbox.discard(command.id);
    this.#outcomes.push({ outcome: 'failed', command, code });
  }

  #stopTyping(conversation: ConversationId, user: UserId): void {
    if (this.#typing.stop(conversation, user)) this.#typingVersion += 1;
  }

  #watch(): void {
    this.#ledger.ask({ command: 'watch', conversations: this.#sync.shelf.openConversations() });
  }

  #flush(): void {
    if (!this.#ledger.connected) return;
    for (const command of this.#outbox.takeNext()) this.#ledger.ask(command);
  }
}

const keyed: ReadonlySet<string> = new Set<KeyedCommand['command']>([
  'createDirect',
  'createGroup',
  'send',
  'add',
  'remove',
  'leave',
  'rename',
]);
const queries: ReadonlySet<string> = new Set<Query['command']>([
  'list',
  'listPage',
  'entry',
  'page',
  'changes',
  'readers',
]);

function isKeyed(request: Asked): request is KeyedCommand {
  return keyed.has(request.command);
}

function isQuery(request: Asked): request is Query {
  return queries.has(request.command);
}
