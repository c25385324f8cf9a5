// Longer than 300 lines, because the rules CH-8 to CH-10 (docs/spec/chat.md) concern one common state.
import type {
  ChatErrorCode,
  CommitEvent,
  ConversationId,
  HiddenAnswer,
  LogHead,
  MessageName,
  MessageRow,
  Query,
  WireChanges,
  WireMessages,
  WirePage,
} from '@everywire/chat';
import { HiddenMessages } from './hidden-messages.js';
import { Memo } from './memo.js';
import { QuotedMessages } from './quoted-messages.js';
import { addSpan, isIn, type SequenceRange, withoutSpans } from './spans.js';

/** A log as stored on the device between runs of the application. JSON. */
export interface StoredLog {
  readonly conversation: ConversationId;
  readonly modification: number;
  readonly known: LogHead;
  readonly held: readonly SequenceRange[];
  readonly rows: readonly MessageRow[];
  /** Rows that other rows quote and that are outside `held`. */
  readonly quoted: readonly MessageRow[];
  /** A counter that rises each time the member hides messages. Everything hidden up to this value is removed from `rows`. */
  readonly hiddenAt: number;
  /** Sequences that were hidden while this log was held. A late answer must not add them again. */
  readonly hidden: readonly number[];
}

/** A query that the log needs answered; the caller skips those already in flight. */
export type LogQuery = Extract<Query, { readonly command: 'page' | 'changes' | 'messages' | 'hidden' }>;

type PageAnchor = Extract<LogQuery, { command: 'page' }>['anchor'];

/** Which end of a gap is next to the visible rows. */
export type GapEnd = 'newer' | 'older';

/** Maximum rows of one page. The server has the same limit. */
const PAGE_ROWS_MAX = 100;

/**
 * Holds the part of one conversation's log that this device knows, and keeps it correct by CH-8 to CH-10. The state is: the rows; `held`,
 * the spans of sequences for which the rows are complete; and `modification`. Every touch (a change to an existing message) up to
 * `modification` is applied to the held rows. A log can also hold one thread. Its rows are then the root and the replies, and its spans
 * concern only these (CH-21).
 *
 * Each input returns the queries that the caller must send. Only a page fills a gap between spans, and an older row never replaces a newer
 * one. If a sequence is within a span but has no row, the message is invisible to this member, and no touch makes it appear.
 */
export class ConversationLog {
  readonly conversation: ConversationId;
  /** Sequence of the root of a thread, `null` for the whole log. */
  readonly root: number | null;
  readonly #pageRows: number;
  readonly #rows = new Map<number, MessageRow>();
  readonly #quotes = new QuotedMessages();
  readonly #hidden = new HiddenMessages();
  readonly #sorted = new Memo<readonly MessageRow[]>();
  #held: readonly SequenceRange[] = [];
  /** Messages that the server cannot read (CH-37). Part of `#held`, so that they are not requested. */
  #damaged: readonly SequenceRange[] = [];
  #modification: number | null = null;
  /** Sequences requested by `seek` that are not held. `asked`: the request is in flight. `missed`: the message is not available. */
  readonly #sought = new Map<number, 'asked' | 'missed'>();
  /** The highest sequence and the highest modification that the server has mentioned. */
  #known: LogHead = { sequence: 0, modification: 0 };
  /** Why the last page was refused for good; `null` if it was not, or if the code is retryable. */
  #refused: ChatErrorCode | null = null;
  /** Rises whenever a row or a span changes, so that derived views can be cached. */
  #version = 0;

  constructor(conversation: ConversationId, pageRows: number, root: number | null = null) {
    this.conversation = conversation;
    this.root = root;
    this.#pageRows = pageRows;
  }

  /** Rebuilds a log from its stored form. */
  static restore(stored: StoredLog, pageRows: number): ConversationLog {
    const log = new ConversationLog(stored.conversation, pageRows);
    log.#modification = stored.modification;
    log.#known = stored.known;
    log.#held = stored.held;
    log.#hidden.restore(stored);
    for (const row of stored.rows) log.#set(row);
    log.#quotes.answer(stored.quoted, []);
    return log;
  }

  /** Returns the log in its stored form; `null` before the first page has arrived. */
  store(): StoredLog | null {
    if (this.#modification === null) return null;
    return {
      conversation: this.conversation,
      modification: this.#modification,
      known: this.#known,
      // Damage is not stored: the server may be repaired before the next start.
      held: withoutSpans(this.#held, this.#damaged),
      rows: [...this.#rows.values()],
      quoted: this.#quotes.store(),
      ...this.#hidden.store(),
    };
  }

  get version(): number {
    return this.#version;
  }

  /** Returns the spans for which the rows are complete; ascending and disjoint. */
  get held(): readonly SequenceRange[] {
    return this.#held;
  }

  /**
   * Returns why the last page was refused for good, so that it is not requested again. `null` if it was not refused, or if a page has
   * arrived since.
   */
  get refused(): ChatErrorCode | null {
    return this.#refused;
  }

  /** Returns the sequences that the server cannot read and that were not held before. */
  get damaged(): readonly SequenceRange[] {
    return this.#damaged;
  }

  /** Returns the first sequence of each gap between two spans. */
  get gaps(): readonly number[] {
    return this.#held.slice(0, -1).map((span) => span[1] + 1);
  }

  get rowCount(): number {
    return this.#rows.size;
  }

  /** Returns the modification up to which the rows are current; `null` until the first page has arrived. */
  get modification(): number | null {
    return this.#modification;
  }

  /** Returns the highest held sequence; 0 if nothing is held. */
  get top(): number {
    return this.#held.at(-1)?.[1] ?? 0;
  }

  row(sequence: number): MessageRow | undefined {
    return this.#rows.get(sequence);
  }

  /** Returns the message that a quote refers to (CH-22). `null` if this member cannot see it, `undefined` while it is not known yet. */
  quoted(sequence: number): MessageRow | null | undefined {
    return this.#rows.get(sequence) ?? this.#quotes.get(sequence);
  }

  /** Returns the rows by sequence. The array stays the same until a row changes. */
  rows(): readonly MessageRow[] {
    return this.#sorted.get([this.#version], () => [...this.#rows.values()].sort((a, b) => a.sequence - b.sequence));
  }

  /** Returns whether the first message of the history is held. */
  get atStart(): boolean {
    return this.#held[0]?.[0] === 1;
  }

  /** Returns the query for the newest page. */
  latest(): LogQuery {
    return this.#pageQuery({ at: 'end' });
  }

  /** Returns the query for the page before everything held; `null` if the start of the history is held or a page was refused for good. */
  older(): LogQuery | null {
    if (this.#refused !== null) return null;
    const low = this.#held[0]?.[0];
    if (low === undefined) return this.latest();
    return low === 1 ? null : this.#pageQuery({ at: 'before', sequence: low });
  }

  /**
   * Returns the queries that may load older rows: the usual page, and the longer page that follows if the usual one contained only replies.
   */
  olderPages(): readonly LogQuery[] {
    const older = this.older();
    return older?.command === 'page' ? [older, { ...older, limit: PAGE_ROWS_MAX }] : [];
  }

  /**
   * Returns the query for the next page of the gap that begins at `low`, from its newer or older end; `null` if the gap no
   * longer exists.
   */
  fill(low: number, from: GapEnd = 'newer'): LogQuery | null {
    const above = this.#held.find((span) => span[0] > low);
    if (above === undefined || isIn(this.#held, low) || this.#refused !== null) return null;
    return this.#pageQuery(
      from === 'newer' ? { at: 'before', sequence: above[0] } : { at: 'after', sequence: low - 1 },
    );
  }

  /** Seeks a message anywhere in the log. Until it is answered, `missing` includes a query for the page around the message. */
  seek(sequence: number): readonly LogQuery[] {
    if (!isIn(this.#held, sequence)) this.#sought.set(sequence, 'asked');
    return this.missing();
  }

  /**
   * Returns the result of `seek`: the row, `null` if the message is not available, `'asked'` while the request is in flight, or `undefined`
   * if the message is neither held nor sought.
   */
  find(sequence: number): MessageRow | null | 'asked' | undefined {
    if (isIn(this.#held, sequence)) return this.#rows.get(sequence) ?? null;
    const sought = this.#sought.get(sequence);
    return sought === 'missed' ? null : sought;
  }

  /**
   * Notes a head (last sequence and last modification of the conversation) from an entry or an acknowledgement. Returns the queries for
   * everything that is missing up to this head.
   */
  seeHead(head: LogHead): readonly LogQuery[] {
    this.#see(head);
    return this.missing();
  }

  /**
   * Notes the `hiddenAt` of an entry. If it is higher than the known one, this member has hidden messages that this device does not know.
   */
  seeHidden(hiddenAt: number): readonly LogQuery[] {
    this.#hidden.see(hiddenAt);
    return this.missing();
  }

  /** Applies a page (CH-9). `anchor`: the anchor of the request. */
  applyPage(page: WirePage, anchor?: PageAnchor): readonly LogQuery[] {
    this.#refused = null;
    this.#hidden.meet(page.hiddenAt, this.#modification === null);
    for (const row of page.rows) this.#put(row);
    if (page.covers !== null) this.#hold(page.covers);
    this.#meetDamage(page);
    for (const sequence of this.#sought.keys()) if (isIn(this.#held, sequence)) this.#sought.delete(sequence);
    // The sought message is beyond the head, or was omitted because the answer would be too long. The same request would get the same
    // answer, so it is not repeated.
    if (anchor?.at === 'around' && this.#sought.has(anchor.sequence)) this.#sought.set(anchor.sequence, 'missed');
    this.#see(page.head);
    return this.#meetModification(page.head.modification);
  }

  /** Handles a page that was refused for good. If the page was to contain a sought message, that message is not available. */
  refusePage(anchor: PageAnchor, code: ChatErrorCode): void {
    this.#refused = code;
    if (anchor.at === 'around' && this.#sought.has(anchor.sequence)) this.#sought.set(anchor.sequence, 'missed');
    this.#version += 1;
  }

  /**
   * Returns the query to continue with if the given page is the oldest and contained only replies, which the conversation does not show
   * (CH-21). Returns no query otherwise.
   */
  beyondReplies({ rows, covers }: WirePage): readonly LogQuery[] {
    const oldest = covers !== null && covers[0] === this.#held[0]?.[0];
    if (this.root !== null || !oldest || rows.some((row) => row.thread === undefined)) return [];
    return this.olderPages().slice(1);
  }

  /**
   * Applies touched rows (CH-10). Drops the answer if `modification` was lowered after the request, because a newer request is then in
   * flight.
   */
  applyChanges(changes: WireChanges): readonly LogQuery[] {
    if (this.#modification === null || changes.since > this.#modification) return [];
    for (const row of changes.rows) this.#replace(row);
    this.#modification = Math.max(this.#modification, changes.to);
    this.#see({ sequence: 0, modification: changes.more ? changes.to + 1 : changes.to });
    return this.missing();
  }

  /** Applies the quoted rows that this member can see (CH-22). Like a page, the answer is a snapshot. `asked`: the names in the request. */
  applyMessages(answer: WireMessages, asked: readonly MessageName[]): readonly LogQuery[] {
    this.#hidden.meet(answer.hiddenAt, false);
    const visible = answer.rows.filter(({ sequence }) => !this.#hidden.has(sequence));
    this.#quotes.answer(visible, asked);
    this.#version += 1;
    this.#see({ sequence: 0, modification: answer.head.modification });
    return this.#meetModification(answer.head.modification);
  }

  /** Applies the messages that this member has hidden on any device. Drops the answer if `hiddenAt` was lowered after the request. */
  applyHidden(answer: HiddenAnswer): readonly LogQuery[] {
    if (this.#hidden.apply(answer)) {
      for (const sequence of answer.sequences) this.#rows.delete(sequence);
      this.#quotes.hide(answer.sequences);
      this.#version += 1;
    }
    return this.missing();
  }

  /** Applies a commit event, which the server sends after a new message or a touch (CH-8). */
  applyCommit(event: CommitEvent): readonly LogQuery[] {
    this.#see(event.after);
    if (this.#modification === null) return [];
    if (event.after.sequence > event.before.sequence) return this.#applyNew(event);
    this.#applyTouch(event);
    return this.missing();
  }

  /**
   * Applies an own message that the server has acknowledged. `modification`: the modification of the conversation when the message was
   * committed.
   */
  applySent(row: MessageRow, modification: number): readonly LogQuery[] {
    this.#see({ sequence: row.sequence, modification });
    if (this.#modification === null) return [];
    if (!this.#hasPlace(row.sequence, row.sequence - 1)) return this.missing();
    this.#append(row);
    return this.#meetModification(modification);
  }

  /** Returns the queries for everything known to be missing. */
  missing(): readonly LogQuery[] {
    const queries = [...this.#sought].flatMap(([sequence, state]) =>
      state === 'asked' ? [this.#pageQuery({ at: 'around', sequence })] : [],
    );
    if (this.#modification === null) return [this.latest(), ...queries];
    if (this.#known.sequence > this.top) queries.push(this.latest());
    if (this.#known.modification > this.#modification) queries.push(this.#changesQuery(this.#modification));
    const { conversation } = this;
    if (this.#hidden.isBehind) queries.push({ command: 'hidden', conversation, since: this.#hidden.at });
    const names = this.#quotes.wanted((sequence) => this.#rows.has(sequence));
    if (names.length > 0) queries.push({ command: 'messages', conversation, names });
    return queries;
  }

  /** Drops the oldest rows, so that at most `count` remain. Shortens the spans, so that the remaining rows are complete for them. */
  trim(count: number): void {
    const kept = this.rows().slice(-count);
    const low = kept[0]?.sequence;
    if (low === undefined || kept.length === this.#rows.size) return;
    for (const sequence of [...this.#rows.keys()]) if (sequence < low) this.#rows.delete(sequence);
    this.#held = this.#held.filter((span) => span[1] >= low).map((span) => [Math.max(span[0], low), span[1]]);
    this.#damaged = withoutSpans(this.#damaged, [[1, low - 1]]);
    this.#quotes.keep([...this.#rows.values()]);
    this.#version += 1;
  }

  #applyNew(event: CommitEvent): readonly LogQuery[] {
    const { row, before, after } = event;
    if (this.#modification === before.modification) this.#applyReply(event);
    if (row === null || !this.#hasPlace(row.sequence, before.sequence)) return this.missing();
    if (this.#belongs(row)) this.#append(row);
    else this.#hold([after.sequence, after.sequence]);
    return this.#meetModification(after.modification);
  }

  /**
   * Returns whether a row may be added at its sequence: after everything held, or into a gap between two spans. A row may arrive late,
   * because the server nodes do not wait for each other (CH-8). A thread does not know its own gaps. In a thread, a row that does not
   * directly follow the last span is therefore loaded with a page.
   */
  #hasPlace(sequence: number, before: number): boolean {
    if (this.root !== null) return before === this.top;
    return sequence > (this.#held[0]?.[0] ?? 0) && !isIn(this.#held, sequence);
  }

  #belongs({ sequence, thread }: MessageRow): boolean {
    return this.root === null || sequence === this.root || thread?.root === this.root;
  }

  /**
   * Increments the reply count of a held root. An increment must not be applied twice, so it is skipped if the row is already as new as the
   * event (CH-8).
   */
  #applyReply({ root, after }: CommitEvent): void {
    this.#modification = after.modification;
    const held = root === undefined ? undefined : this.#rows.get(root);
    if (held === undefined || held.modification >= after.modification) return;
    this.#set({ ...held, replies: (held.replies ?? 0) + 1, modification: after.modification });
    this.#version += 1;
  }

  #applyTouch({ row, before, after }: CommitEvent): void {
    if (this.#modification !== before.modification) return;
    if (row !== null) {
      // The number of visible replies depends on the viewer, so the event lacks it. The held number is kept.
      const replies = this.#rows.get(row.sequence)?.replies;
      this.#replace(replies === undefined ? row : { ...row, replies });
    }
    this.#modification = after.modification;
  }

  /** Replaces a touched row if it is held. A row that is not held was never requested or is not visible, so it is ignored. */
  #replace(row: MessageRow): void {
    if (this.#rows.has(row.sequence)) this.#put(row);
    if (this.#quotes.replace(row)) this.#version += 1;
  }

  /**
   * Lowers `#modification` to the modification of a snapshot. Touches after the snapshot may concern its rows, and such touches were
   * dropped if the rows were not held at that time. The log then requests these touches again (CH-9).
   */
  #meetModification(modification: number): readonly LogQuery[] {
    this.#modification = Math.min(this.#modification ?? modification, modification);
    return this.missing();
  }

  #see(head: LogHead): void {
    this.#known = {
      sequence: Math.max(this.#known.sequence, head.sequence),
      modification: Math.max(this.#known.modification, head.modification),
    };
  }

  #append(row: MessageRow): void {
    this.#put(row);
    this.#hold([row.sequence, row.sequence]);
  }

  #put(row: MessageRow): void {
    const held = this.#rows.get(row.sequence);
    if (held !== undefined && held.modification > row.modification) return;
    if (this.#hidden.has(row.sequence)) return;
    this.#set(row);
    this.#version += 1;
  }

  #set(row: MessageRow): void {
    this.#rows.set(row.sequence, row);
    if (row.quote !== undefined) this.#quotes.want(row.quote);
  }

  /** Records damaged spans as held, so that they are not requested again. Rows that were held before do not count as damaged (CH-37). */
  #meetDamage({ covers, damaged = [] }: WirePage): void {
    if (covers !== null) this.#damaged = withoutSpans(this.#damaged, [covers]);
    for (const span of withoutSpans(damaged, this.#held)) {
      this.#damaged = addSpan(this.#damaged, span);
      this.#hold(span);
    }
  }

  #hold(span: SequenceRange): void {
    this.#held = addSpan(this.#held, span);
    this.#version += 1;
  }

  /** Returns the name of the last row held, with which the server checks that its history is the same (CH-26). */
  #check(): MessageName | null {
    const last = this.rows().at(-1);
    return last === undefined ? null : { sequence: last.sequence, id: last.id };
  }

  #pageQuery(anchor: PageAnchor): LogQuery {
    const { conversation, root } = this;
    const query: LogQuery = { command: 'page', conversation, anchor, limit: this.#pageRows, check: this.#check() };
    return root === null ? query : { ...query, thread: root };
  }

  #changesQuery(since: number): LogQuery {
    return { command: 'changes', conversation: this.conversation, since };
  }
}
