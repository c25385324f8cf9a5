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
  wholeBlocks,
} from '@everywire/chat/internal';
import { peerOf } from '../conversation-table.js';
import { findOpenMember, type OpenMember, seenBy } from '../log-reads.js';
import type { Tables } from '../tables.js';
import type { SearchReads } from './search-reads.js';
import type { SearchStateCache, Standing } from './search-state-cache.js';

/**
 * The costs of steps, in units of examining one message: testing a filter, opening a conversation, one step of the
 * search for a position, and listing a conversation at the start. Opening is expensive, because a conversation's rows
 * and its newest messages are on separate pages, which are rarely cached.
 */
const FILTER_COST = 2;
const OPEN_COST = 50;
const PLACE_READ_COST = 2;
const CANDIDATE_COST = 1.25;

/** The progress of the search in one conversation: everything above the position has been searched. */
interface Trail extends SearchPosition {
  sentAt: number;
  readonly conversation: ConversationId;
  /** Infinite until the position has been determined. */
  sequence: number;
  /** `null` until the rows of the conversation have been read. */
  opened: OpenedConversation | null;
}

interface OpenedConversation extends OpenMember {
  /** The spans that the member may see, ascending. The search removes the highest ones when it has passed them. */
  readonly spans: VisibleRange[];
}

interface SearchDependencies {
  readonly tables: Tables;
  readonly reads: SearchReads;
  readonly kept: SearchStateCache;
  readonly budget: number;
}

/**
 * Searches the user's conversations backwards in time. Each step searches one block (a run of consecutive messages) of
 * the conversation whose next message is the newest. A full block has a filter of its words; if the filter lacks a
 * searched word, the search skips the block. The search checks every message that it reads, so an unspecific filter
 * costs time but never causes a wrong result.
 *
 * Ends when enough hits are newer than everything left, or when work worth `budget` messages is done. In the second
 * case, the answer reaches as far as all conversations were searched. The state is cached for the continuing query;
 * without it, each conversation's position is determined again.
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
  /** Where the search begins: the end of the previous answer, or a date. */
  readonly start: SearchPosition | null;
}

class Walk {
  readonly #question: Question;
  readonly #mayHold: ((bits: Uint8Array) => boolean) | null;
  readonly #trails: PositionHeap<Trail>;
  /** The hits that are not returned yet, newest first. */
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
      sentAt: Math.min(activity, highest),
      conversation,
      sequence: Infinity,
      opened: null,
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

  /** Returns the position at which the part that is left begins; it is never above the start of the search. */
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

  /** Reads a hit again, because its text or visibility may have changed if an earlier call found the hit. */
  #show({ conversation, sequence }: SearchPosition): readonly Message[] {
    const { tables, user, request } = this.#question;
    const asking = findOpenMember(tables, user, conversation);
    const message = tables.log.find(conversation, sequence);
    if (asking === null || message === null || !isVisible(asking.member, sequence)) return [];
    return isWanted(message, request) ? seenBy(tables, asking, [message]) : [];
  }

  /**
   * Reads the rows of a conversation and determines the position at which the search begins. Returns `false` if there
   * is nothing to search in this conversation.
   */
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
    const span = nextSpan(trail.opened.spans, place.sequence);
    if (span === null) return false;
    trail.sequence = Math.min(place.sequence, span[1]);
    // The answer may contain this time, so it must not be that of an invisible message.
    if (trail.sequence === place.sequence) trail.sentAt = place.sentAt;
    return true;
  }

  /** Searches or skips one block. Returns `false` when the whole conversation has been searched. */
  #walk(trail: Trail, opened: OpenedConversation): boolean {
    const { from } = this.#question.request;
    if (from !== null && trail.sentAt < from) return false;
    const span = nextSpan(opened.spans, trail.sequence);
    if (span === null) return false;
    const high = Math.min(trail.sequence, span[1]);
    const block = blockOf(high);
    const low = Math.max(block * BLOCK_MESSAGES + 1, span[0]);
    const [first, last] = wholeBlocks(span);
    const filter = block < first || block > last ? null : this.#filterOf(opened, block);
    if (filter !== null && this.#mayHold?.(filter.bits) === false) {
      trail.sequence = block * BLOCK_MESSAGES;
      trail.sentAt = Math.min(trail.sentAt, filter.firstAt);
    } else this.#look(trail, opened, [low, high]);
    return trail.sequence >= 1;
  }

  #filterOf(
    { conversation }: OpenedConversation,
    block: number,
  ): { readonly firstAt: number; readonly bits: Uint8Array } | null {
    if (this.#mayHold === null) return null;
    this.#spent += FILTER_COST;
    return this.#question.reads.filter(conversation.id, block);
  }

  #look(trail: Trail, { conversation, member }: OpenedConversation, [low, high]: VisibleRange): void {
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
