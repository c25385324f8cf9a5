import type { Epoch, Message, SearchAnswer, SearchPosition, SearchRequest, UserId } from '@everywire/chat';
import {
  AnswerBytes,
  BLOCK_MESSAGES,
  blockOf,
  compareSearchPositions,
  isSearchPlace,
  isWanted,
  nextSpan,
  PositionHeap,
  searchPosition,
  searchStart,
  type VisibleRange,
  visibleSpans,
  type WantedTokens,
  wantedTokens,
  wholeBlocks,
} from '@everywire/chat/internal';
import type { Queries } from '../database/database.js';
import { peerOf } from '../log/conversation-row.js';
import { findOpenMembers, type OpenMember } from '../log/open-member.js';
import { seenBy } from '../log/seen-messages.js';
import { askFilters, type BlocksFound, readCandidates, readPlaces, readSpans } from './search-reads.js';

/**
 * The costs of steps, in units of reading one message: testing a filter, reading the rows of a conversation, and one
 * step of the binary search for a position in the conversation.
 */
const FILTER_COST = 1;
const OPEN_COST = 5;
const PLACE_COST = 1;

/**
 * The most conversations that one statement opens or reads. The first steps are small, because most searches end early.
 */
const OPENED_AT_ONCE = 64;
const WALKED_AT_FIRST = 4;
const WALKED_AT_ONCE = 32;
/** The most blocks of a conversation that one filter query skips. */
const BLOCKS_AT_ONCE = 32;

/** The progress of the search in one conversation: everything above the position has been searched. */
interface Trail extends SearchPosition {
  sentAt: number;
  /** Infinite until the rows of the conversation have been read. */
  sequence: number;
  /** `null` until the rows of the conversation have been read. */
  opened: OpenedConversation | null;
}

interface OpenedConversation extends OpenMember {
  /** The ranges that the member may see, ascending. The search removes the highest ones when it has passed them. */
  readonly spans: VisibleRange[];
}

/** A match. */
interface Found extends SearchPosition {
  readonly message: Message;
  readonly asking: OpenMember;
}

/** A trail with the range of the log that the next step searches. */
interface Step {
  readonly trail: Trail;
  readonly opened: OpenedConversation;
  readonly span: VisibleRange;
  /** The blocks whose filters may be tested (`wholeBlocks`). */
  readonly whole: readonly [first: number, last: number];
}

/**
 * Searches the user's conversations backwards in time. Each step searches one block (`BLOCK_MESSAGES` consecutive
 * messages) of several conversations with one statement: those whose next message is the newest. A full block has a
 * filter of its search tokens; if the filter lacks a searched token, the search skips the block. The search checks
 * every message that it reads, so an unspecific filter costs time but never causes a wrong result. Reads one snapshot.
 *
 * Ends when enough matches are newer than everything that is left, or when work worth `budget` messages is done. In the
 * second case, the answer covers the period that has been searched in all conversations.
 */
export async function searchMessages(
  at: Queries,
  user: UserId,
  request: SearchRequest,
  { epoch, budget }: { readonly epoch: Epoch; readonly budget: number },
): Promise<SearchAnswer> {
  const start = searchStart(request);
  const candidates = await readCandidates(at, user, request.places);
  const trails = candidates.map(({ conversation, activity }): Trail => {
    const sentAt = Math.min(activity, start?.sentAt ?? Number.POSITIVE_INFINITY);
    return { sentAt, conversation, sequence: Number.POSITIVE_INFINITY, opened: null };
  });
  const walk = new Walk({ at, user, request, start }, PositionHeap.sorting(trails));
  return { epoch, ...(await walk.run(budget)) };
}

/** The query of one search. */
interface Question {
  readonly at: Queries;
  readonly user: UserId;
  readonly request: SearchRequest;
  /** Only older messages are searched. */
  readonly start: SearchPosition | null;
}

class Walk {
  readonly #question: Question;
  readonly #tokens: WantedTokens | null;
  readonly #trails: PositionHeap<Trail>;
  /** The matches, newest first. One match more than the limit shows that there is a further page. */
  #found: readonly Found[] = [];
  #spent = 0;
  #walkedAtOnce = WALKED_AT_FIRST;

  constructor(question: Question, trails: PositionHeap<Trail>) {
    this.#question = question;
    this.#trails = trails;
    const tokens = wantedTokens(question.request);
    this.#tokens = tokens.all.length === 0 && tokens.any.length === 0 ? null : tokens;
  }

  async run(budget: number): Promise<Pick<SearchAnswer, 'hits' | 'next'>> {
    const { limit } = this.#question.request;
    for (let top = this.#trails.peek(); top !== undefined; top = this.#trails.peek()) {
      const last = this.#found[limit - 1];
      if (last !== undefined && compareSearchPositions(last, top) < 0) return this.#end(searchPosition(last));
      const reached = this.#spent < budget ? null : this.#reached(top);
      // A client continues from the returned position, so an answer must not end where it began.
      if (reached !== null && this.#isFurther(reached)) return this.#end(reached);
      if (top.opened === null) await this.#open(this.#takeTrails(OPENED_AT_ONCE));
      else await this.#walk(this.#takeTrails(this.#walkedAtOnce));
    }
    const last = this.#found.length > limit ? this.#found[limit - 1] : undefined;
    return this.#end(last === undefined ? null : searchPosition(last));
  }

  /** Removes the trails with the newest positions from the heap, as long as they are all opened or all unopened. */
  #takeTrails(most: number): Trail[] {
    const taken: Trail[] = [];
    const isOpened = this.#trails.peek()?.opened !== null;
    for (let top = this.#trails.peek(); top !== undefined && taken.length < most; top = this.#trails.peek()) {
      if ((top.opened !== null) !== isOpened) break;
      this.#trails.pop();
      taken.push(top);
    }
    return taken;
  }

  /**
   * Reads the rows of conversations and finds the position at which the search begins in each. Drops the trails of
   * conversations that the user is not a member of, that are not to be searched, or that have no message to search.
   */
  async #open(trails: readonly Trail[]): Promise<void> {
    const { at, user, request, start } = this.#question;
    this.#spent += OPEN_COST * trails.length;
    const members = await findOpenMembers(
      at,
      user,
      trails.map(({ conversation }) => conversation),
    );
    const askings = new Map(members.map((asking) => [asking.conversation.id, asking]));
    const opened = trails.flatMap((trail) => {
      const asking = askings.get(trail.conversation);
      if (asking === undefined) return [];
      const { conversation, member } = asking;
      if (!isSearchPlace(conversation, peerOf(conversation, user), request.places)) return [];
      const spans = [...visibleSpans(member, conversation.sequence)];
      trail.opened = { ...asking, spans };
      trail.sequence = conversation.sequence;
      return [{ trail, conversation, spans }];
    });
    const late = start === null ? [] : opened.filter(({ conversation }) => conversation.activity >= start.sentAt);
    const wanted = late.map(({ conversation: { id, sequence } }) => ({ conversation: id, head: sequence }));
    for (const { head } of wanted) this.#spent += PLACE_COST * Math.ceil(Math.log2(head + 1));
    const places = start === null ? new Map() : await readPlaces(at, start, wanted);
    for (const each of opened) {
      const place = late.includes(each) ? places.get(each.trail.conversation) : each.trail;
      if (place === undefined) continue;
      const { trail, spans } = each;
      const span = nextSpan(spans, place.sequence);
      if (span === null) continue;
      trail.sequence = Math.min(place.sequence, span[1]);
      // The answer may contain this time, so it must not be that of an invisible message.
      if (trail.sequence === place.sequence) trail.sentAt = place.sentAt;
      this.#trails.push(trail);
    }
  }

  /** Searches the next block of each trail that may match; a trail without such a block skips many blocks. */
  async #walk(trails: readonly Trail[]): Promise<void> {
    this.#walkedAtOnce = Math.min(2 * this.#walkedAtOnce, WALKED_AT_ONCE);
    const { from } = this.#question.request;
    const steps = trails.flatMap((trail): readonly Step[] => {
      const { opened } = trail;
      if (opened === null || (from !== null && trail.sentAt < from)) return [];
      const span = nextSpan(opened.spans, trail.sequence);
      if (span === null) return [];
      return [{ trail, opened, span: [span[0], Math.min(trail.sequence, span[1])], whole: wholeBlocks(span) }];
    });
    const blocks = await this.#blocksOf(steps);
    const looked = steps.flatMap((step, index): readonly Step[] => {
      const { block, firstAt } = blocks[index] as BlocksFound;
      if (block === null) {
        this.#passOver(step, firstAt);
        return [];
      }
      const [low, high] = step.span;
      const first = block * BLOCK_MESSAGES + 1;
      return [{ ...step, span: [Math.max(low, first), Math.min(high, first + BLOCK_MESSAGES - 1)] }];
    });
    await this.#look(looked);
    for (const { trail } of steps) if (trail.sequence >= 1) this.#trails.push(trail);
  }

  /** Returns the highest block of each step that may match. A block whose filter is not tested may match. */
  async #blocksOf(steps: readonly Step[]): Promise<readonly BlocksFound[]> {
    const untested = ({ span }: Step): BlocksFound => ({ block: blockOf(span[1]), firstAt: null });
    const tokens = this.#tokens;
    if (tokens === null) return steps.map(untested);
    const tested = steps.filter(({ span, whole: [first, last] }) => {
      const block = blockOf(span[1]);
      return first <= block && block <= last;
    });
    const asked = tested.map((step) => {
      return { conversation: step.trail.conversation, low: lowestBlock(step), high: blockOf(step.span[1]) };
    });
    for (const { low, high } of asked) this.#spent += FILTER_COST * (high - low + 1);
    const answers = asked.length === 0 ? [] : await askFilters(this.#question.at, asked, tokens);
    const found = new Map(tested.map((step, index) => [step, answers[index]]));
    return steps.map((step) => found.get(step) ?? untested(step));
  }

  /** Skips the blocks of a filter query of which none may match. */
  #passOver(step: Step, firstAt: number | null): void {
    const { trail } = step;
    trail.sequence = lowestBlock(step) * BLOCK_MESSAGES;
    trail.sentAt = Math.min(trail.sentAt, firstAt ?? trail.sentAt);
  }

  /** Reads and checks the messages of the steps' ranges. */
  async #look(steps: readonly Step[]): Promise<void> {
    const { at, user, request } = this.#question;
    if (steps.length === 0) return;
    const asked = steps.map(({ trail, span }) => ({ conversation: trail.conversation, span }));
    const rows = await readSpans(at, user, asked);
    this.#spent += rows.length;
    const byConversation = new Map(steps.map((step) => [step.trail.conversation, step]));
    const hits: Found[] = [];
    for (const message of rows) {
      const { trail, opened } = byConversation.get(message.conversation) as Step;
      if (isWanted(message, request)) hits.push({ ...searchPosition(message), message, asking: opened });
      trail.sentAt = Math.min(trail.sentAt, message.sentAt);
    }
    for (const { trail, span } of steps) trail.sequence = span[0] - 1;
    this.#found = [...this.#found, ...hits].sort(compareSearchPositions).slice(0, request.limit + 1);
  }

  /** Returns the position at which the part that is left begins; it is never above the start of the search. */
  #reached({ sentAt, conversation, sequence }: Trail): SearchPosition {
    const { start } = this.#question;
    const reached = { sentAt, conversation, sequence: Math.min(sequence + 1, Number.MAX_SAFE_INTEGER) };
    return start !== null && compareSearchPositions(reached, start) < 0 ? start : reached;
  }

  /** Returns whether a position is beyond the start, so that an answer that ends there makes progress. */
  #isFurther(reached: SearchPosition): boolean {
    const { start } = this.#question;
    return start === null || reached.sentAt < start.sentAt;
  }

  /** Returns the matches down to `next`, as many as fit into the answer. */
  async #end(next: SearchPosition | null): Promise<Pick<SearchAnswer, 'hits' | 'next'>> {
    const { at, request } = this.#question;
    const given = this.#found
      .slice(0, request.limit)
      .filter((hit) => next === null || compareSearchPositions(hit, next) <= 0);
    const shown = new Map<string, Message>();
    for (const asking of new Set(given.map((hit) => hit.asking))) {
      const own = given.filter((hit) => hit.asking === asking).map(({ message }) => message);
      for (const message of await seenBy(at, asking, own)) shown.set(nameOf(message), message);
    }
    const bytes = new AnswerBytes(request.bytesMax);
    const hits: Message[] = [];
    for (const { message } of given) {
      const seen = shown.get(nameOf(message)) ?? message;
      const last = hits.at(-1);
      if (!bytes.fits(seen)) return { hits, next: last === undefined ? request.after : searchPosition(last) };
      hits.push(seen);
    }
    return { hits, next };
  }
}

/** Returns the lowest block that one filter query covers. */
function lowestBlock({ span, whole: [first] }: Step): number {
  return Math.max(first, blockOf(span[1]) - BLOCKS_AT_ONCE + 1);
}

function nameOf({ conversation, sequence }: Message): string {
  return `${conversation} ${sequence}`;
}
