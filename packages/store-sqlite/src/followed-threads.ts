import type {
  BytesMax,
  FollowedThreadAnswer,
  Member,
  Message,
  SearchPosition,
  ThreadsAnswer,
  UserId,
} from '@everywire/chat';
import {
  compareSearchPositions,
  type FollowedThread,
  searchPosition,
  takeFitting,
  threadEntry,
  visibleSpans,
} from '@everywire/chat/internal';
import { findOpenMember, type OpenMember, seenBy } from './log-reads.js';
import type { SearchReads } from './search/search-reads.js';
import type { Tables } from './tables.js';

/** Cost of a step, in units of `searchBudget`. */
const LOOK_COST = 1;
const THREAD_COST = 8;

/** Hidden replies that are skipped, at most, to find the newest visible one. */
const HIDDEN_STEPS = 200;

interface Sources {
  readonly tables: Tables;
  readonly reads: Pick<SearchReads, 'candidates'>;
  readonly budget: number;
  readonly mentionsShownMax: number;
}

interface Found extends OpenMember {
  readonly followed: Pick<FollowedThread, 'follow' | 'count'>;
  readonly last: Message;
}

/**
 * Reads followed threads: visits the user's conversations by activity, newest first, and checks the threads followed in
 * each. No reply is newer than its conversation's activity, so it ends as soon as one more than a page was found and
 * the page is newer than the next conversation. Without an index of follows by user, each skipped conversation costs
 * one seek.
 */
export function readFollowedThreads(
  sources: Sources,
  user: UserId,
  after: SearchPosition | null,
  limit: number,
  bytesMax?: BytesMax,
): ThreadsAnswer {
  const { tables, reads, budget } = sources;
  const end = (found: readonly Found[], next: SearchPosition | null): ThreadsAnswer => {
    const threads = takeFitting(showEach(sources, found), bytesMax);
    const last = threads.length < found.length ? threads.at(-1) : undefined;
    return { epoch: tables.epoch, threads, next: last === undefined ? next : searchPosition(last.last) };
  };
  const trails = reads
    .candidates(user, null)
    .map(({ conversation, activity }) => ({ sentAt: activity, conversation, sequence: Number.MAX_SAFE_INTEGER }))
    .sort(compareSearchPositions);
  let found: readonly Found[] = [];
  let spent = 0;
  for (const trail of trails) {
    const last = found.length > limit ? found[limit - 1] : undefined;
    if (last !== undefined && compareSearchPositions(last.last, trail) < 0) break;
    if (spent >= budget) {
      return end(
        found.filter((thread) => compareSearchPositions(thread.last, trail) < 0),
        trail,
      );
    }
    const follows = tables.threads.follows(trail.conversation, user);
    // Conversations that the previous page passed do not count: otherwise no progress would be guaranteed.
    if (after === null || compareSearchPositions(after, trail) <= 0) spent += LOOK_COST + follows.length * THREAD_COST;
    const seen = seenIn(tables, user, follows, after);
    found = [...found, ...seen].sort((a, b) => compareSearchPositions(a.last, b.last)).slice(0, limit + 1);
  }
  const last = found[limit - 1];
  const more = found.length > limit && last !== undefined;
  return end(found.slice(0, limit), more ? searchPosition(last.last) : null);
}

function seenIn(
  tables: Tables,
  user: UserId,
  follows: readonly Found['followed'][],
  after: SearchPosition | null,
): readonly Found[] {
  const [first] = follows;
  const asking = first === undefined ? null : findOpenMember(tables, user, first.follow.conversation);
  if (asking === null) return [];
  return follows.flatMap((followed) => {
    const last = newestSeen(tables, asking, followed.follow.root);
    const given = last === null || (after !== null && compareSearchPositions(after, last) >= 0);
    return given ? [] : [{ ...asking, followed, last }];
  });
}

/** Returns the newest reply that the member may see and has not hidden. */
function newestSeen(tables: Tables, { conversation, member }: OpenMember, root: number): Message | null {
  const steps = member.hiddenAt === 0 ? 1 : HIDDEN_STEPS;
  for (const span of visibleSpans(member, conversation.sequence).toReversed()) {
    const replies = tables.threads.newest(conversation.id, root, span, steps);
    const newest = replies.findLast((sequence) => !tables.hidden.isHidden(member, sequence));
    if (newest !== undefined) return tables.log.find(conversation.id, newest);
  }
  return null;
}

/** Reads threads lazily. */
function* showEach(sources: Sources, found: readonly Found[]): Iterable<FollowedThreadAnswer> {
  for (const thread of found) yield show(sources, thread);
}

function show({ tables, mentionsShownMax }: Sources, { followed, last, ...asking }: Found): FollowedThreadAnswer {
  const { conversation, member } = asking;
  const { follow } = followed;
  return {
    ...threadEntry({ ...followed, ...countsOf(tables, member, follow, mentionsShownMax) }),
    conversation: conversation.id,
    message: rootSeen(tables, asking, follow.root),
    last,
  };
}

function countsOf(
  tables: Tables,
  member: Member,
  follow: FollowedThread['follow'],
  most: number,
): Pick<FollowedThread, 'hidden' | 'mentions'> {
  const mentions = tables.mentions.above(member.conversation, member.user, follow, most + 1).length;
  return { hidden: tables.hidden.count(member, follow), mentions };
}

function rootSeen(tables: Tables, asking: OpenMember, root: number): Message | null {
  const visible = visibleSpans(asking.member, asking.conversation.sequence);
  if (!visible.some(([low, high]) => root >= low && root <= high)) return null;
  const message = tables.log.find(asking.conversation.id, root);
  return message === null ? null : (seenBy(tables, asking, [message])[0] ?? null);
}
