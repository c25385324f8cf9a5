import type { Gathering, Turn } from '../gathering/turn.js';
import type { Member, MembersChange } from '../wire-server.js';
import type { TopicMember, TopicWatch } from './topic.js';

/** Where one membership stood before this turn, and how it stands now. */
interface Change {
  readonly before: boolean;
  now: boolean;
  readonly info: unknown;
}

export interface MemberWatchOptions {
  readonly turn: Turn;
  /** Changes of one turn that are told by name. */
  readonly changesMax: number;
  readonly count: () => number;
  /** Does not throw. */
  readonly listener: (change: MembersChange) => void;
}

/** Tells of who came to a topic and who left, once a turn: one who did both in it is not spoken of. */
export class MemberWatch implements Gathering, TopicWatch {
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
    const joined: Member[] = [];
    const left: Member[] = [];
    for (const [session, { before, now, info }] of changes) {
      if (before !== now) (now ? joined : left).push({ session, claims: session.claims, info });
    }
    if (joined.length + left.length > 0 || many) {
      this.#options.listener({ count: this.#options.count(), joined, left, complete: !many });
    }
  }
}

/**
 * The members with the lowest serials above `after`, in that order. It goes over all of them once and keeps no order of its
 * own, so a page costs as much as the topic has members and joining costs nothing.
 */
export function pageOf(members: Iterable<TopicMember>, after: number, limit: number): readonly TopicMember[] {
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
