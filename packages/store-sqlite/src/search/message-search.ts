import type { ConversationId, Message, SearchAnswer, SearchPosition, SearchRequest, UserId } from '@everywire/chat';
import {
  AnswerBytes,
  BLOCK_MESSAGES,
  blockOf,
  compareSearchPositions,
  compileFilterTest,
  isSearchPlace,
  isVisible,
  isWanted,
  nextSpan,
  PositionHeap,
  searchPosition,
  searchStart,
  type VisibleRange,
  visibleSpans,
  wantedTokens,
} from '@everywire/chat/internal';
import { peerOf } from '../conversation-table.js';
import { findOpenMember, type OpenMember, seenBy } from '../log-reads.js';
import type { Tables } from '../tables.js';
import type { SearchReads } from './search-reads.js';
import type { SearchStateCache, Standing } from './search-state-cache.js';

/**
 * Cost of a step, in messages examined. A conversation's rows and its newest messages are on separate pages, which are
 * seldom cached.
 */
const FILTER_COST = 2;
const OPEN_COST = 50;
const PLACE_READ_COST = 2;
const CANDIDATE_COST = 1.25;

/** The search state of one conversation: everything above the position is done. */
interface Trail extends SearchPosition {
  sentAt: number;
  readonly conversation: ConversationId;
  /** Infinite until its position was determined. */
  sequence: number;
  opened: Opened | null;
}

interface Opened extends OpenMember {
  /** Spans that the member may see, ascending; the highest are removed as the search passes them. */
  readonly spans: VisibleRange[];
}

interface SearchDependencies {
  readonly tables: Tables;
  readonly reads: SearchReads;
  readonly kept: SearchStateCache;
  readonly budget: number;
}

/**
 * Searches the user's conversations backwards in time, block by block, always the one whose next message is the newest.
 * A filter without the terms skips its block; all rows read are checked, so a filter can cost time but never a result.
 *
 * Ends when enough hits are newer than everything left, or when work worth `budget` messages is done: then the answer
 * reaches as far as all conversations were searched. The state is cached for the continuing query; without it, each
 * conversation's position is determined again.
 */
export function searchMessages(
  { tables, reads, kept, budget }: SearchDependencies,
  user: UserId,
  request: SearchRequest,
): SearchAnswer {
  const start = searchStart(request);
  const from = nameOf(user, request, start);
  const walk = new Walk({ tables, reads, user, request, start }, kept.find(from));
  let hasRoom = true;
  const { hits, next } = walk.run(budget, (reached) => {
    hasRoom &&= kept.keep(nameOf(user, request, reached), walk.standing(reached), from);
    return hasRoom;
  });
  return { epoch: tables.epoch, hits, next };
}

/** Returns the name of a query and its start, for any user's repetition of it. */
function nameOf(
  user: UserId,
  { terms, senders, places, has, from }: SearchRequest,
  start: SearchPosition | null,
): string {
  return JSON.stringify([user, terms, senders, places, has, from, start]);
}

interface Question {
  readonly tables: Tables;
  readonly reads: SearchReads;
  readonly user: UserId;
  readonly request: SearchRequest;
  /** Start of the search: the end of the previous answer, or a date. */
  readonly start: SearchPosition | null;
}

class Walk {
  readonly #question: Question;
  readonly #mayHold: ((bits: Uint8Array) => boolean) | null;
  readonly #trails: PositionHeap<Trail>;
  /** Hits not returned yet, newest first. */
  readonly #found: SearchPosition[];
  #spent = 0;

  constructor(question: Question, standing: Standing | null) {
    const { reads, user, request, start } = question;
    this.#question = question;
    this.#mayHold = compileFilterTest(wantedTokens(request));
    this.#found = [...(standing?.found ?? [])];
    if (standing !== null) {
      this.#trails = new PositionHeap(standing.trails.map((position) => ({ ...position, opened: null })));
      return;
    }
    const highest = start?.sentAt ?? Infinity;
    const trails = reads.candidates(user, request.places).map(({ conversation, activity }) => ({
      ...{ sentAt: Math.min(activity, highest), conversation, sequence: Infinity, opened: null },
    }));
    this.#spent = trails.length * CANDIDATE_COST;
    this.#trails = PositionHeap.sorting(trails);
  }

  /** @param keep caches the state for a query that continues at a position; returns false if it cannot */
  run(budget: number, keep: (reached: SearchPosition) => boolean): Pick<SearchAnswer, 'hits' | 'next'> {
    const { limit } = this.#question.request;
    let isFirst = true;
    for (let top = this.#trails.peek(); top !== undefined; top = this.#trails.peek()) {
      // Before the budget: an answer that ended below its limit of hits would lose the rest.
      const last = this.#found[limit - 1];
      if (last !== undefined && compareSearchPositions(last, top) < 0) return this.#stop(searchPosition(last), keep);
      const reached = isFirst || this.#spent < budget ? null : this.#reached(top);
      // Without a cached state, the next query has only the position, so the answer must not end where it began.
      if (reached !== null && (keep(reached) || this.#isFurther(reached))) return this.#end(reached);
      this.#step(top);
      isFirst = false;
    }
    const last = this.#found.length > limit ? this.#found[limit - 1] : undefined;
    return last === undefined ? this.#end(null) : this.#stop(searchPosition(last), keep);
  }

  #step(top: Trail): void {
    this.#trails.pop();
    const { opened } = top;
    if (opened === null ? this.#open(top) : this.#walk(top, opened)) this.#trails.push(top);
  }

  /** Returns the state after everything down to `reached` was returned. */
  standing(reached: SearchPosition): Standing {
    const given = this.#givenUpTo(reached);
    return { trails: this.#trails.items.map(searchPosition), found: this.#found.slice(given).map(searchPosition) };
  }

  /** Returns the position before which the rest begins, never above the start. */
  #reached({ sentAt, conversation, sequence }: Trail): SearchPosition {
    const { start } = this.#question;
    const after = Math.min(sequence + 1, Number.MAX_SAFE_INTEGER);
    const reached = { sentAt, conversation, sequence: after };
    return start !== null && compareSearchPositions(reached, start) < 0 ? start : reached;
  }

  #isFurther(reached: SearchPosition): boolean {
    const { start } = this.#question;
    return start === null || reached.sentAt < start.sentAt;
  }

  #stop(next: SearchPosition, keep: (reached: SearchPosition) => boolean): Pick<SearchAnswer, 'hits' | 'next'> {
    keep(next);
    return this.#end(next);
  }

  #end(next: SearchPosition | null): Pick<SearchAnswer, 'hits' | 'next'> {
    const bytes = new AnswerBytes(this.#question.request.bytesMax);
    const hits: Message[] = [];
    let last: SearchPosition | null = null;
    for (const hit of this.#found.slice(0, this.#givenUpTo(next))) {
      const [shown] = this.#show(hit);
      if (shown !== undefined && !bytes.fits(shown)) return { hits, next: last && searchPosition(last) };
      if (shown !== undefined) hits.push(shown);
      last = hit;
    }
    return { hits, next };
  }

  #givenUpTo(next: SearchPosition | null): number {
    const beyond = this.#found.findIndex((hit) => next !== null && compareSearchPositions(hit, next) > 0);
    return Math.min(beyond === -1 ? this.#found.length : beyond, this.#question.request.limit);
  }

  /** Checks a hit again: if an earlier call found it, its text or visibility may have changed. */
  #show({ conversation, sequence }: SearchPosition): readonly Message[] {
    const { tables, user, request } = this.#question;
    const asking = findOpenMember(tables, user, conversation);
    const message = tables.log.find(conversation, sequence);
    if (asking === null || message === null || !isVisible(asking.member, sequence)) return [];
    return isWanted(message, request) ? seenBy(tables, asking, [message]) : [];
  }

  /** Reads the rows of a conversation and, once, determines its start. Returns false if there is nothing to find. */
  #open(trail: Trail): boolean {
    const { tables, reads, user, request, start } = this.#question;
    this.#spent += OPEN_COST;
    const asking = findOpenMember(tables, user, trail.conversation);
    if (asking === null) return false;
    const { conversation, member } = asking;
    if (!isSearchPlace(conversation, peerOf(conversation, user), request.places)) return false;
    trail.opened = { ...asking, spans: [...visibleSpans(member, conversation.sequence)] };
    if (trail.sequence !== Infinity) return true;
    trail.sequence = conversation.sequence;
    if (start === null || conversation.activity < start.sentAt) return true;
    this.#spent += PLACE_READ_COST * Math.ceil(Math.log2(conversation.sequence + 1));
    const place = reads.lastAfter(start, conversation);
    if (place === null) return false;
    trail.sentAt = place.sentAt;
    trail.sequence = place.sequence;
    return true;
  }

  /** Searches or skips one block. Returns false when the conversation is finished. */
  #walk(trail: Trail, opened: Opened): boolean {
    const { from } = this.#question.request;
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
    return this.#question.reads.filter(conversation.id, block);
  }

  #look(trail: Trail, { conversation, member }: Opened, [low, high]: VisibleRange): void {
    const { tables, reads, request } = this.#question;
    for (const row of reads.downward(conversation.id, [low, high])) {
      this.#spent += 1;
      trail.sentAt = Math.min(trail.sentAt, row.sentAt);
      trail.sequence = row.sequence;
      const last = this.#found[request.limit - 1];
      if (last !== undefined && compareSearchPositions(last, row) < 0) return;
      if (isWanted(row, request) && !tables.hidden.isHidden(member, row.sequence)) this.#take(searchPosition(row));
    }
    trail.sequence = low - 1;
  }

  #take(hit: SearchPosition): void {
    const at = this.#found.findIndex((other) => compareSearchPositions(hit, other) < 0);
    this.#found.splice(at === -1 ? this.#found.length : at, 0, hit);
  }
}
