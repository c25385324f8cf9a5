import type { Answers, Entry } from '@everywire/chat';
import { describe, expect, it } from 'vitest';
import { ChatCore } from './chat-core.js';
import type { OutgoingRequest } from './request-queue.js';
import { entryOf, pageOf } from './test-wire.js';

// Tests how `ChatCore` finds the first unread message of a conversation, to which the user interface scrolls. It may be
// far before the newest page.

const head = { sequence: 400, modification: 0 };
const newest = pageOf(371, 400, head);

/** A core whose page requests the test answers. */
class Bench {
  readonly core = new ChatCore({ me: 1 });
  #pages: OutgoingRequest[] = [];

  /** Opens conversation 7 as its entry describes it. */
  static opened(entry: Entry): Bench {
    const bench = new Bench();
    bench.core.connected();
    bench.list(entry);
    bench.core.open(7);
    return bench;
  }

  /** Answers the request for the list with this entry. */
  list(entry: Entry, outcome: 'reset' | 'changed' = 'reset'): void {
    for (const { token, request } of this.core.takeRequests())
      if (request.command === 'list')
        this.core.answered(token, { outcome, epoch: 'e', cursor: 'c', entries: [entry], more: false });
  }

  /** Returns the anchors of the pages in flight. */
  requests(): readonly string[] {
    this.#pages.push(...this.core.takeRequests().filter(({ request }) => request.command === 'page'));
    return this.#pages.map(({ request }) => anchorOf(request));
  }

  /** Answers the request for the page with this anchor. */
  answer(anchor: string, page: Answers['page']): void {
    this.requests();
    const [found] = this.#pages.splice(
      this.#pages.findIndex(({ request }) => anchorOf(request) === anchor),
      1,
    );
    this.core.answered(found?.token ?? 0, page);
  }

  /** The sequence up to which the next tick reports the conversation as read; `null` if it reports nothing. */
  reported(now: number): number | null {
    this.core.tick(now);
    const requests = this.core.takeRequests();
    this.#pages.push(...requests.filter(({ request }) => request.command === 'page'));
    const read = requests.find(({ request }) => request.command === 'read');
    if (read === undefined) return null;
    this.core.answered(read.token, {});
    return read.request.command === 'read' ? read.request.sequence : null;
  }

  /** The row where the unread messages begin, and whether it is being fetched. */
  unread(): { readonly key: string | null; readonly sought: boolean } {
    const { unreadKey, unreadSought } = this.core.timeline(7);
    return { key: unreadKey, sought: unreadSought };
  }
}

/** Returns where a requested page begins, such as `end` or `around 101`. */
function anchorOf(request: OutgoingRequest['request']): string {
  if (request.command !== 'page') return '';
  const { anchor } = request;
  return anchor.at === 'end' ? anchor.at : `${anchor.at} ${anchor.sequence}`;
}

/** A conversation of 400 messages, of which 300 are unread. */
const farBack = entryOf({ sequence: 400, count: 400, read: 100, readOrdinal: 100, unread: 300 });

describe('where the unread begin', () => {
  it('[pain 10] the first unread message is fetched if it is before the newest page, and no other row replaces it', () => {
    const bench = Bench.opened(farBack);
    expect(bench.requests()).toEqual(['end', 'around 101']);
    bench.answer('end', newest);
    expect(bench.unread()).toEqual({ key: null, sought: true });
    bench.answer('around 101', pageOf(86, 115, head));
    expect(bench.unread()).toEqual({ key: '2-command 101', sought: false });
    expect(bench.core.timeline(7).rows[30]).toMatchObject({ type: 'gap', low: 116 });
  });

  it('[pain 10] the first unread message is not fetched if the newest page has it or nothing is unread', () => {
    const near = Bench.opened(entryOf({ sequence: 400, count: 400, read: 371, readOrdinal: 371, unread: 29 }));
    near.answer('end', newest);
    expect([near.requests(), near.unread()]).toEqual([[], { key: '2-command 372', sought: false }]);
    const none = Bench.opened(entryOf({ sequence: 400, count: 400, read: 100, readOrdinal: 400 }));
    none.answer('end', newest);
    expect([none.requests(), none.unread()]).toEqual([[], { key: null, sought: false }]);
  });

  it('[CH-19.1] a recalled message is not the first unread one', () => {
    const near = Bench.opened(
      entryOf({ sequence: 400, count: 400, read: 371, readOrdinal: 371, hidden: 1, unread: 28 }),
    );
    const [first, second, ...rest] = newest.rows;
    if (first === undefined || second === undefined) throw new Error('The page has no rows.');
    near.answer('end', { ...newest, rows: [first, { ...second, body: { kind: 'recalled', by: 2 } }, ...rest] });
    expect(near.unread()).toEqual({ key: '2-command 373', sought: false });
  });

  it('[pain 10] the first unread message is fetched if the newest page was shorter than expected', () => {
    const bench = Bench.opened(entryOf({ sequence: 400, count: 400, read: 380, readOrdinal: 380, unread: 20 }));
    bench.answer('end', pageOf(391, 400, head));
    expect([bench.requests(), bench.unread()]).toEqual([['around 381'], { key: null, sought: true }]);
  });

  it('[pain 10] the first unread message is requested again after a lost connection', () => {
    const bench = Bench.opened(farBack);
    bench.answer('end', newest);
    bench.core.disconnected();
    expect(bench.unread()).toEqual({ key: null, sought: true });
    bench.core.connected();
    expect(bench.requests()).toContain('around 101');
  });

  it('[pain 10] a read cursor of another device moves the first unread message while it is sought', () => {
    const bench = Bench.opened(farBack);
    bench.answer('end', newest);
    bench.core.resume();
    bench.list({ ...farBack, revision: 2, read: 390, readOrdinal: 390, unread: 10 }, 'changed');
    expect(bench.unread()).toEqual({ key: '2-command 391', sought: false });
  });

  it('[pain 10] the first unread message is sought if an open conversation missed more than a page', () => {
    const bench = Bench.opened(entryOf({ sequence: 100, count: 100, read: 100, readOrdinal: 100 }));
    bench.answer('end', pageOf(71, 100, { sequence: 100, modification: 0 }));
    bench.core.resume();
    bench.list({ ...farBack, revision: 2 }, 'changed');
    expect(bench.requests()).toEqual(['end', 'around 101']);
  });
});

describe('the read position', () => {
  it('[CH-19.5] moves to what was seen, at most to the last message before a gap', () => {
    const bench = Bench.opened(farBack);
    bench.answer('end', newest);
    const seen = (sequence: number, now: number) => {
      bench.core.reading.markSeen(7, sequence);
      return bench.reported(now);
    };
    expect([seen(400, 10), seen(Number.POSITIVE_INFINITY, 2_000)]).toEqual([null, null]);
    bench.answer('around 101', pageOf(86, 115, head));
    expect([seen(108, 4_000), seen(104, 6_000), seen(372, 8_000)]).toEqual([108, null, null]);
    expect(seen(115, 10_000)).toBe(115);
    expect(seen(Number.POSITIVE_INFINITY, 12_000)).toBeNull();
  });
});
