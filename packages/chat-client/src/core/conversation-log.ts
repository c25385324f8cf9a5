// Longer than 300 lines: CH-8 to CH-10 are one set of rules over one state.
import type {
  CommitEvent,
  ConversationId,
  ErrorCode,
  Head,
  HiddenAnswer,
  MessageName,
  MessageRow,
  Query,
  WireChanges,
  WireMessages,
  WirePage,
} from '@everywire/chat';
import { HiddenBook } from './hidden-book.js';
import { Memo } from './memo.js';
import { QuoteBook } from './quote-book.js';
import { addSpan, isIn, type Span, withoutSpans } from './spans.js';

/** What a log looks like between two runs of the application; JSON. */
export interface StoredLog {
  readonly conversation: ConversationId;
  readonly modification: number;
  readonly known: Head;
  readonly held: readonly Span[];
  readonly rows: readonly MessageRow[];
  /** Rows that others quote and that are not within `held`. */
  readonly quoted: readonly MessageRow[];
  /** The member's, up to which everything hidden is out of `rows`. */
  readonly hiddenAt: number;
  /** Sequences that were hidden while this log was held: never put again, whatever is late. */
  readonly hidden: readonly number[];
}

/** What to ask the server next; the caller leaves out what is being asked already. */
export type LogQuery = Extract<Query, { readonly command: 'page' | 'changes' | 'messages' | 'hidden' }>;

type PageAnchor = Extract<LogQuery, { command: 'page' }>['anchor'];

/** Which end of a gap is next to what somebody reads. */
export type GapEnd = 'newer' | 'older';

/** The most that one page answers: the server's own limit. */
const pageRowsMax = 100;

/**
 * What this device holds of one conversation's log, kept right by CH-8 to CH-10: rows, the spans of sequences they are complete
 * for, and `modification`, up to which every touch of a held row is in. Or of one thread: then the rows are its root and replies, and the spans
 * speak of those alone (CH-21).
 *
 * Each input answers what must be asked. Nothing is ever put into a hole but by a page, and no row is replaced by an older one. What is within a
 * span and not a row is invisible, and no touch makes it appear.
 */
export class ConversationLog {
  readonly conversation: ConversationId;
  /** Sequence of the root of a thread, `null` for the whole log. */
  readonly root: number | null;
  readonly #pageRows: number;
  readonly #rows = new Map<number, MessageRow>();
  readonly #quotes = new QuoteBook();
  readonly #hidden = new HiddenBook();
  readonly #sorted = new Memo<readonly MessageRow[]>();
  #held: readonly Span[] = [];
  /** Within `#held`, so that they are not asked for: what the server cannot read (CH-37). */
  #damaged: readonly Span[] = [];
  #modification: number | null = null;
  /** Sequences somebody wants to see that are not held: being asked for, or not to be had. */
  readonly #sought = new Map<number, 'asked' | 'missed'>();
  /** The highest head anybody told of, in each part. */
  #known: Head = { sequence: 0, modification: 0 };
  /** What the last page was refused with, if that is for good. */
  #refused: ErrorCode | null = null;
  /** Rises whenever a row or a span changes, for memoising what is derived. */
  #version = 0;

  constructor(conversation: ConversationId, pageRows: number, root: number | null = null) {
    this.conversation = conversation;
    this.root = root;
    this.#pageRows = pageRows;
  }

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

  /** `null` before the first page: there is nothing to keep yet. */
  store(): StoredLog | null {
    if (this.#modification === null) return null;
    return {
      conversation: this.conversation,
      modification: this.#modification,
      known: this.#known,
      // The server may have been repaired by the next start.
      held: withoutSpans(this.#held, this.#damaged),
      rows: [...this.#rows.values()],
      quoted: this.#quotes.store(),
      ...this.#hidden.store(),
    };
  }

  get version(): number {
    return this.#version;
  }

  get held(): readonly Span[] {
    return this.#held;
  }

  /** Why the last page that was asked for did not come and is not asked for again; `null` after one that came. */
  get refused(): ErrorCode | null {
    return this.#refused;
  }

  /** Sequences whose messages the server cannot read, and that are not held from before. */
  get damaged(): readonly Span[] {
    return this.#damaged;
  }

  /** Where each gap between two spans begins. */
  get gaps(): readonly number[] {
    return this.#held.slice(0, -1).map((span) => span[1] + 1);
  }

  get rowCount(): number {
    return this.#rows.size;
  }

  /** `null` until the first page. */
  get modification(): number | null {
    return this.#modification;
  }

  /** The highest sequence held, 0 for none. */
  get top(): number {
    return this.#held.at(-1)?.[1] ?? 0;
  }

  row(sequence: number): MessageRow | undefined {
    return this.#rows.get(sequence);
  }

  /** What a quote refers to (CH-22): `null` where it cannot be seen, `undefined` while it is being asked. */
  quoted(sequence: number): MessageRow | null | undefined {
    return this.#rows.get(sequence) ?? this.#quotes.get(sequence);
  }

  /** Rows by sequence. The array stays the same until a row changes. */
  rows(): readonly MessageRow[] {
    return this.#sorted.get([this.#version], () => [...this.#rows.values()].sort((a, b) => a.sequence - b.sequence));
  }

  /** Whether the history is held from its very beginning. */
  get atStart(): boolean {
    return this.#held[0]?.[0] === 1;
  }

  /** The newest page. */
  latest(): LogQuery {
    return this.#pageQuery({ at: 'end' });
  }

  /** The page before everything held, or `null` at the start and after a refusal. */
  older(): LogQuery | null {
    if (this.#refused !== null) return null;
    const low = this.#held[0]?.[0];
    if (low === undefined) return this.latest();
    return low === 1 ? null : this.#pageQuery({ at: 'before', sequence: low });
  }

  /** What may be asked to go further back: the page, and the longer one where the last showed nothing. */
  olderPages(): readonly LogQuery[] {
    const older = this.older();
    return older?.command === 'page' ? [older, { ...older, limit: pageRowsMax }] : [];
  }

  /** The page that goes on into the gap from `low` on, from its newer or its older end; `null` if there is no such gap any more. */
  fill(low: number, from: GapEnd = 'newer'): LogQuery | null {
    const above = this.#held.find((span) => span[0] > low);
    if (above === undefined || isIn(this.#held, low) || this.#refused !== null) return null;
    return this.#pageQuery(
      from === 'newer' ? { at: 'before', sequence: above[0] } : { at: 'after', sequence: low - 1 },
    );
  }

  /** Somebody wants to see this message, wherever it is. Asks for the page around it until it was answered. */
  seek(sequence: number): readonly LogQuery[] {
    if (!isIn(this.#held, sequence)) this.#sought.set(sequence, 'asked');
    return this.missing();
  }

  /** `null` where it is not to be had, `'asked'` while it is being asked for, `undefined` where nobody seeks it. */
  find(sequence: number): MessageRow | null | 'asked' | undefined {
    if (isIn(this.#held, sequence)) return this.#rows.get(sequence) ?? null;
    const sought = this.#sought.get(sequence);
    return sought === 'missed' ? null : sought;
  }

  /** Somebody told of a head: an entry, an acknowledgement. Asks for what is missing up to it. */
  seeHead(head: Head): readonly LogQuery[] {
    this.#see(head);
    return this.missing();
  }

  /** Somebody told up to where this member has hidden messages. */
  seeHidden(hiddenAt: number): readonly LogQuery[] {
    this.#hidden.see(hiddenAt);
    return this.missing();
  }

  /** CH-9. `anchor`: what was asked for. */
  applyPage(page: WirePage, anchor?: PageAnchor): readonly LogQuery[] {
    this.#refused = null;
    this.#hidden.meet(page.hiddenAt, this.#modification === null);
    for (const row of page.rows) this.#put(row);
    if (page.covers !== null) this.#hold(page.covers);
    this.#meetDamage(page);
    for (const sequence of this.#sought.keys()) if (isIn(this.#held, sequence)) this.#sought.delete(sequence);
    // Beyond the head, or left out of an answer that would have been too long: asking again would answer the same.
    if (anchor?.at === 'around' && this.#sought.has(anchor.sequence)) this.#sought.set(anchor.sequence, 'missed');
    this.#see(page.head);
    return this.#meetModification(page.head.modification);
  }

  /** A page was refused, and no retry helps: what was sought there is not to be had. */
  refusePage(anchor: PageAnchor, code: ErrorCode): void {
    this.#refused = code;
    if (anchor.at === 'around' && this.#sought.has(anchor.sequence)) this.#sought.set(anchor.sequence, 'missed');
    this.#version += 1;
  }

  /** CH-21: a page of the oldest held brought replies alone, of which the conversation shows nothing; answers how to go on at once. */
  beyondReplies({ rows, covers }: WirePage): readonly LogQuery[] {
    const oldest = covers !== null && covers[0] === this.#held[0]?.[0];
    if (this.root !== null || !oldest || rows.some((row) => row.thread === undefined)) return [];
    return this.olderPages().slice(1);
  }

  /** CH-10. An answer to a question asked before `modification` was lowered is dropped: the new question is under way. */
  applyChanges(changes: WireChanges): readonly LogQuery[] {
    if (this.#modification === null || changes.since > this.#modification) return [];
    for (const row of changes.rows) this.#replace(row);
    this.#modification = Math.max(this.#modification, changes.to);
    this.#see({ sequence: 0, modification: changes.more ? changes.to + 1 : changes.to });
    return this.missing();
  }

  /** CH-22. The rows of those names that can be seen; a snapshot like a page's. */
  applyMessages(answer: WireMessages, asked: readonly MessageName[]): readonly LogQuery[] {
    this.#hidden.meet(answer.hiddenAt, false);
    const seen = answer.rows.filter(({ sequence }) => !this.#hidden.has(sequence));
    this.#quotes.answer(seen, asked);
    this.#version += 1;
    this.#see({ sequence: 0, modification: answer.head.modification });
    return this.#meetModification(answer.head.modification);
  }

  /** What this member has hidden, on whatever device. An answer to a question from before `hiddenAt` was lowered is dropped. */
  applyHidden(answer: HiddenAnswer): readonly LogQuery[] {
    if (this.#hidden.apply(answer)) {
      for (const sequence of answer.sequences) this.#rows.delete(sequence);
      this.#quotes.hide(answer.sequences);
      this.#version += 1;
    }
    return this.missing();
  }

  /** CH-8. */
  applyCommit(event: CommitEvent): readonly LogQuery[] {
    this.#see(event.after);
    if (this.#modification === null) return [];
    if (event.after.sequence > event.before.sequence) return this.#applyNew(event);
    this.#applyTouch(event);
    return this.missing();
  }

  /** One's own message, as its acknowledgement describes it, with the conversation's modification as of its commit. */
  applySent(row: MessageRow, modification: number): readonly LogQuery[] {
    this.#see({ sequence: row.sequence, modification });
    if (this.#modification === null) return [];
    if (!this.#hasPlace(row.sequence, row.sequence - 1)) return this.missing();
    this.#append(row);
    return this.#meetModification(modification);
  }

  /** What is known to exist beyond what is held. */
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

  /** Gives up the oldest rows above `count`. What remains is complete for its spans. */
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
   * CH-8. A row goes behind everything held, or into the gap between two spans where it came late: nodes do not wait for each other. A thread has no gaps of its
   * own to show: what does not follow its last span is asked for by a page.
   */
  #hasPlace(sequence: number, before: number): boolean {
    if (this.root !== null) return before === this.top;
    return sequence > (this.#held[0]?.[0] ?? 0) && !isIn(this.#held, sequence);
  }

  #belongs({ sequence, thread }: MessageRow): boolean {
    return this.root === null || sequence === this.root || thread?.root === this.root;
  }

  /** One reply more for a root that is held: a delta, so only for a row from before it (CH-8). */
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
      // An event does not say what depends on the viewer.
      const replies = this.#rows.get(row.sequence)?.replies;
      this.#replace(replies === undefined ? row : { ...row, replies });
    }
    this.#modification = after.modification;
  }

  /** A touched row, where it is known: what is not has either not been asked for or cannot be seen. */
  #replace(row: MessageRow): void {
    if (this.#rows.has(row.sequence)) this.#put(row);
    if (this.#quotes.replace(row)) this.#version += 1;
  }

  /**
   * Rows came from a snapshot with this modification. Where it is lower than what this log had come to, they may lack touches
   * that were dropped because they were not held: so the log goes back to it, and asks (CH-9).
   */
  #meetModification(modification: number): readonly LogQuery[] {
    this.#modification = Math.min(this.#modification ?? modification, modification);
    return this.missing();
  }

  #see(head: Head): void {
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

  /** CH-37: what is damaged is not asked for again, and a row that is held from before is none of it. */
  #meetDamage({ covers, damaged = [] }: WirePage): void {
    if (covers !== null) this.#damaged = withoutSpans(this.#damaged, [covers]);
    for (const span of withoutSpans(damaged, this.#held)) {
      this.#damaged = addSpan(this.#damaged, span);
      this.#hold(span);
    }
  }

  #hold(span: Span): void {
    this.#held = addSpan(this.#held, span);
    this.#version += 1;
  }

  /** The last row held, for the server to say whether it still has it (CH-26). */
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
