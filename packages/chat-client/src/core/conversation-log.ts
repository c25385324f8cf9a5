import type {
  CommitEvent,
  ConversationId,
  Head,
  MessageName,
  MessageRow,
  Query,
  WireChanges,
  WirePage,
} from '@everywire/chat';
import { Memo } from './memo.js';
import { addSpan, isIn, type Span } from './spans.js';

/** What a log looks like between two runs of the application; JSON. */
export interface StoredLog {
  readonly conversation: ConversationId;
  readonly modification: number;
  readonly known: Head;
  readonly held: readonly Span[];
  readonly rows: readonly MessageRow[];
}

/** What to ask the server next; the caller leaves out what is being asked already. */
export type LogQuery = Extract<Query, { readonly command: 'page' | 'changes' }>;

/**
 * What this device holds of one conversation's log, kept right by CH-8 to CH-10: rows, the spans of sequences they are complete
 * for, and `modification`, up to which every touch of a held row is in.
 *
 * Each input answers what must be asked. Nothing is ever put into a hole but by a page, and no row is replaced by an older one.
 */
export class ConversationLog {
  readonly conversation: ConversationId;
  readonly #pageRows: number;
  readonly #rows = new Map<number, MessageRow>();
  readonly #sorted = new Memo<readonly MessageRow[]>();
  #held: readonly Span[] = [];
  #modification: number | null = null;
  /** The highest head anybody told of, in each part. */
  #known: Head = { sequence: 0, modification: 0 };
  /** Rises whenever a row or a span changes, for memoising what is derived. */
  #version = 0;

  constructor(conversation: ConversationId, pageRows: number) {
    this.conversation = conversation;
    this.#pageRows = pageRows;
  }

  static restore(stored: StoredLog, pageRows: number): ConversationLog {
    const log = new ConversationLog(stored.conversation, pageRows);
    log.#modification = stored.modification;
    log.#known = stored.known;
    log.#held = stored.held;
    for (const row of stored.rows) log.#rows.set(row.sequence, row);
    return log;
  }

  /** `null` before the first page: there is nothing to keep yet. */
  store(): StoredLog | null {
    if (this.#modification === null) return null;
    return {
      conversation: this.conversation,
      modification: this.#modification,
      known: this.#known,
      held: this.#held,
      rows: [...this.#rows.values()],
    };
  }

  get version(): number {
    return this.#version;
  }

  get held(): readonly Span[] {
    return this.#held;
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

  /** The page before everything held, or `null` at the start. */
  older(): LogQuery | null {
    const low = this.#held[0]?.[0];
    if (low === undefined) return this.latest();
    return low === 1 ? null : this.#pageQuery({ at: 'before', sequence: low });
  }

  /** The page that fills the gap from `low` on from its upper end, or `null` if there is no such gap any more. */
  fill(low: number): LogQuery | null {
    const above = this.#held.find((span) => span[0] > low);
    if (above === undefined || isIn(this.#held, low)) return null;
    return this.#pageQuery({ at: 'before', sequence: above[0] });
  }

  /** Somebody told of a head: an entry, an acknowledgement. Asks for what is missing up to it. */
  seeHead(head: Head): readonly LogQuery[] {
    this.#see(head);
    return this.missing();
  }

  /** CH-9. */
  applyPage(page: WirePage): readonly LogQuery[] {
    for (const row of page.rows) this.#put(row);
    if (page.covers !== null) this.#hold(page.covers);
    this.#see(page.head);
    return this.#meetModification(page.head.modification);
  }

  /** CH-10. An answer to a question asked before `modification` was lowered is dropped: the new question is under way. */
  applyChanges(changes: WireChanges): readonly LogQuery[] {
    if (this.#modification === null || changes.since > this.#modification) return [];
    for (const row of changes.rows) if (isIn(this.#held, row.sequence)) this.#put(row);
    this.#modification = Math.max(this.#modification, changes.to);
    this.#see({ sequence: 0, modification: changes.more ? changes.to + 1 : changes.to });
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
    if (row.sequence <= this.top) return this.missing();
    this.#append(row);
    return this.#meetModification(modification);
  }

  /** What is known to exist beyond what is held. */
  missing(): readonly LogQuery[] {
    if (this.#modification === null) return [this.latest()];
    const queries: LogQuery[] = [];
    if (this.#known.sequence > this.top) queries.push(this.latest());
    if (this.#known.modification > this.#modification) queries.push(this.#changesQuery(this.#modification));
    return queries;
  }

  /** Gives up the oldest rows above `count`. What remains is complete for its spans. */
  trim(count: number): void {
    const kept = this.rows().slice(-count);
    const low = kept[0]?.sequence;
    if (low === undefined || kept.length === this.#rows.size) return;
    for (const sequence of [...this.#rows.keys()]) if (sequence < low) this.#rows.delete(sequence);
    this.#held = this.#held.filter((span) => span[1] >= low).map((span) => [Math.max(span[0], low), span[1]]);
    this.#version += 1;
  }

  #applyNew(event: CommitEvent): readonly LogQuery[] {
    const { row, after } = event;
    if (row === null || row.sequence <= this.top) return this.missing();
    this.#append(row);
    return this.#meetModification(after.modification);
  }

  #applyTouch({ row, before, after }: CommitEvent): void {
    if (this.#modification !== before.modification) return;
    if (row !== null && isIn(this.#held, row.sequence)) this.#put(row);
    this.#modification = after.modification;
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
    this.#rows.set(row.sequence, row);
    this.#version += 1;
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

  #pageQuery(anchor: Extract<LogQuery, { command: 'page' }>['anchor']): LogQuery {
    return { command: 'page', conversation: this.conversation, anchor, limit: this.#pageRows, check: this.#check() };
  }

  #changesQuery(since: number): LogQuery {
    return { command: 'changes', conversation: this.conversation, since };
  }
}
