import type { ConversationId, Message, SearchAnswer, SearchPosition, SearchRequest, UserId } from '@everywire/chat';
import {
  compareSearchPositions,
  isSearchPlace,
  isWanted,
  type Span,
  searchPosition,
  visibleSpans,
  wantedTokens,
} from '@everywire/chat/internal';
import { peerOf } from '../conversation-table.js';
import { type Asking, findOpenMember, seenBy } from '../log-reads.js';
import type { SearchRow } from '../message-table.js';
import type { Tables } from '../tables.js';
import { compileFilterTest } from './block-filter.js';
import { PositionHeap } from './position-heap.js';
import type { SearchReads } from './search-reads.js';
import { BLOCK_MESSAGES, blockOf } from './search-table.js';

/** What a step costs, in messages looked at. */
const FILTER_COST = 2;
const OPEN_COST = 8;

/** One conversation on its way back: nothing of it is left above the position. */
interface Trail extends SearchPosition {
  sentAt: number;
  readonly conversation: ConversationId;
  sequence: number;
  opened: Opened | null;
}

interface Opened extends Asking {
  /** What the member may see, rising; the highest ones are taken off as the trail passes them. */
  readonly spans: Span[];
}

/**
 * Walks the user's conversations back in time together, always the one whose next message is the newest, block by block. A filter that lacks
 * what is wanted spares its block; whatever is read is checked itself, so a filter can cost time and never a result.
 *
 * It ends when enough was found that is newer than all that is left, or when `budget` messages' worth of work is done: then the answer reaches as
 * far as all trails have come.
 */
export function searchMessages(
  { tables, reads, budget }: { readonly tables: Tables; readonly reads: SearchReads; readonly budget: number },
  user: UserId,
  request: SearchRequest,
): SearchAnswer {
  const walk = new Walk(tables, reads, user, request);
  return { epoch: tables.epoch, ...walk.run(budget) };
}

class Walk {
  readonly #tables: Tables;
  readonly #reads: SearchReads;
  readonly #user: UserId;
  readonly #request: SearchRequest;
  readonly #mayHold: ((bits: Uint8Array) => boolean) | null;
  readonly #trails: PositionHeap<Trail>;
  /** Above which nothing is looked for: the end of the answer before, or a date. */
  readonly #start: SearchPosition | null;
  /** The newest so far, at most as many as are wanted. */
  #hits: readonly SearchRow[] = [];
  /** Some were found that are older than those. */
  #overfull = false;
  #spent = 0;

  constructor(tables: Tables, reads: SearchReads, user: UserId, request: SearchRequest) {
    this.#tables = tables;
    this.#reads = reads;
    this.#user = user;
    this.#request = request;
    this.#mayHold = compileFilterTest(wantedTokens(request));
    this.#start = startOf(request);
    const trails = reads
      .candidates(user, request.places)
      .map(({ conversation, activity }) => ({ sentAt: activity, conversation, sequence: Infinity, opened: null }));
    this.#trails = new PositionHeap<Trail>(trails);
  }

  run(budget: number): Pick<SearchAnswer, 'hits' | 'next'> {
    const { limit } = this.#request;
    for (let top = this.#trails.peek(); top !== undefined; top = this.#trails.peek()) {
      const last = this.#hits[limit - 1];
      if (last !== undefined && compareSearchPositions(last, top) < 0) return this.#end(searchPosition(last));
      this.#trails.pop();
      const { opened } = top;
      if (opened === null ? this.#open(top) : this.#walk(top, opened)) this.#trails.push(top);
      // Only after a step that came further, or an answer might end where it began.
      if (opened !== null && this.#spent >= budget) return this.#end(this.#reached());
    }
    const last = this.#overfull ? this.#hits.at(-1) : undefined;
    return this.#end(last === undefined ? null : searchPosition(last));
  }

  /** What is left begins right after this. */
  #reached(): SearchPosition | null {
    const top = this.#trails.peek();
    if (top === undefined) return null;
    const { sentAt, conversation, sequence } = top;
    return { sentAt, conversation, sequence: sequence === Infinity ? Number.MAX_SAFE_INTEGER : sequence + 1 };
  }

  #end(next: SearchPosition | null): Pick<SearchAnswer, 'hits' | 'next'> {
    const hits = this.#hits.filter((hit) => next === null || compareSearchPositions(hit, next) <= 0);
    return { hits: hits.flatMap((hit) => this.#show(hit)), next };
  }

  #show({ conversation, sequence }: SearchRow): readonly Message[] {
    const asking = findOpenMember(this.#tables, this.#user, conversation);
    const message = this.#tables.messages.get(conversation, sequence);
    return asking === null || message === null ? [] : seenBy(this.#tables, asking, [message]);
  }

  /** Reads the rows of a conversation and goes to where the search starts. False where there is nothing to find in it. */
  #open(trail: Trail): boolean {
    // Going back to where the answer before ended comes no further, so it is not of the budget, or that could be used up by it.
    if (this.#start === null) this.#spent += OPEN_COST;
    const asking = findOpenMember(this.#tables, this.#user, trail.conversation);
    if (asking === null) return false;
    const { conversation, member } = asking;
    if (!isSearchPlace(conversation, peerOf(conversation, this.#user), this.#request.places)) return false;
    trail.opened = { ...asking, spans: [...visibleSpans(member, conversation.sequence)] };
    trail.sequence = conversation.sequence;
    if (this.#start === null || compareSearchPositions(this.#start, trail) < 0) return true;
    const place = this.#reads.lastAfter(this.#start, conversation);
    if (place === null) return false;
    trail.sentAt = place.sentAt;
    trail.sequence = place.sequence;
    return true;
  }

  /** Looks through one block, or passes over it. False when the conversation is through. */
  #walk(trail: Trail, opened: Opened): boolean {
    const { from } = this.#request;
    if (from !== null && trail.sentAt < from) return false;
    const span = nextSpan(opened.spans, trail.sequence);
    if (span === null) return false;
    const high = Math.min(trail.sequence, span[1]);
    const block = blockOf(high);
    const low = Math.max(block * BLOCK_MESSAGES + 1, span[0]);
    const filter = this.#filterOf(opened, block);
    if (filter !== null && this.#mayHold?.(filter.bits) === false) {
      trail.sequence = block * BLOCK_MESSAGES;
      trail.sentAt = Math.min(trail.sentAt, filter.firstAt);
    } else this.#look(trail, opened, [low, high]);
    return trail.sequence >= 1;
  }

  #filterOf({ conversation }: Opened, block: number): { readonly firstAt: number; readonly bits: Uint8Array } | null {
    if (this.#mayHold === null || (block + 1) * BLOCK_MESSAGES > conversation.sequence) return null;
    this.#spent += FILTER_COST;
    return this.#reads.filter(conversation.id, block);
  }

  #look(trail: Trail, { conversation, member }: Opened, [low, high]: Span): void {
    const { limit } = this.#request;
    for (const row of this.#reads.downward(conversation.id, [low, high])) {
      this.#spent += 1;
      trail.sentAt = Math.min(trail.sentAt, row.sentAt);
      trail.sequence = row.sequence;
      const last = this.#hits[limit - 1];
      if (last !== undefined && compareSearchPositions(last, row) < 0) return;
      if (isWanted(row, this.#request) && !this.#tables.hidden.isHidden(member, row.sequence)) this.#take(row);
    }
    trail.sequence = low - 1;
  }

  #take(row: SearchRow): void {
    const { limit } = this.#request;
    const found = [...this.#hits, row].sort(compareSearchPositions);
    this.#overfull ||= found.length > limit;
    this.#hits = found.slice(0, limit);
  }
}

/** The highest span that has something at or below `sequence`; those above are done with. */
function nextSpan(spans: Span[], sequence: number): Span | null {
  for (let span = spans.at(-1); span !== undefined; span = spans.at(-1)) {
    if (span[0] <= sequence) return span;
    spans.pop();
  }
  return null;
}

function startOf({ after, until }: SearchRequest): SearchPosition | null {
  const date = until === null ? null : { sentAt: until, conversation: 0, sequence: 0 };
  if (after === null || date === null) return after ?? date;
  return compareSearchPositions(after, date) < 0 ? date : after;
}
