import type { Batching, Tick } from '../gathering/tick.js';
import type { JoinedSession, MembersChange } from '../wire-server.js';
import type { TopicMember, TopicWatch } from './topic.js';

/** Whether a session was a member before this tick, and whether it is now. */
interface Change {
  readonly before: boolean;
  now: boolean;
  readonly info: unknown;
}

/** Options of `MemberWatch`. */
export interface MemberWatchOptions {
  readonly turn: Tick;
  /** Maximum changes of one tick that are reported by name. */
  readonly changesMax: number;
  readonly count: () => number;
  /** Must not throw. */
  readonly listener: (change: MembersChange) => void;
}

/** Reports the joins and leaves of a topic once per tick. Omits a session that joined and left in the same tick. */
export class MemberWatch implements Batching, TopicWatch {
  readonly #options: MemberWatchOptions;
  #changes: Map<TopicMember, Change> | null = null;
  #many = false;

  constructor(options: MemberWatchOptions) {
    this.#options = options;
  }

  changed(member: TopicMember, present: boolean, info: unknown): void {
    if (this.#changes === null) {
      this.#changes = new Map();
      this.#options.turn.add(this);
    }
    const known = this.#changes.get(member);
    if (known !== undefined) known.now = present;
    else if (this.#changes.size < this.#options.changesMax)
      this.#changes.set(member, { before: !present, now: present, info });
    else this.#many = true;
  }

  flush(): void {
    const changes = this.#changes;
    const many = this.#many;
    this.#changes = null;
    this.#many = false;
    if (changes === null) return;
    const joined: JoinedSession[] = [];
    const left: JoinedSession[] = [];
    for (const [session, { before, now, info }] of changes) {
      if (before !== now) (now ? joined : left).push({ session, claims: session.claims, info });
    }
    if (joined.length + left.length > 0 || many) {
      this.#options.listener({ count: this.#options.count(), joined, left, complete: !many });
    }
  }
}

/**
 * Returns the `limit` members with the lowest serials above `after`, in ascending order. Scans all members, so a page
 * takes time in proportion to their number. In return, no order must be kept when a member joins.
 */
export function memberPageOf(members: Iterable<TopicMember>, after: number, limit: number): readonly TopicMember[] {
  const page: TopicMember[] = [];
  for (const member of members) {
    const { serial } = member;
    const last = page.at(-1);
    if (serial <= after || (page.length === limit && last !== undefined && serial > last.serial)) continue;
    let at = page.length;
    while (at > 0 && (page[at - 1] as TopicMember).serial > serial) at -= 1;
    page.splice(at, 0, member);
    if (page.length > limit) page.pop();
  }
  return page;
}
