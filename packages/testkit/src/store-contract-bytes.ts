import type { ConversationId, Entry, ListPosition, Message, SearchPosition } from '@everywire/chat';
import { jsonBytes } from '@everywire/chat/internal';
import { describe, expect, it } from 'vitest';
import type { StoreDriver } from './store-driver.js';
import type { OpenStore } from './store-under-test.js';

const [ann, bob] = [1, 2];
/** Texts of each kind: plain, three bytes per character, six bytes per character as JSON, two bytes per character as JSON. */
const texts = ['hello '.repeat(100), '界'.repeat(200), '\u0001'.repeat(100), '"\\'.repeat(300)];

/** Describes answers that stop at their byte limit (CM-5). */
export function describeStoreBytes(open: OpenStore): void {
  const filled = async (): Promise<{ driver: StoreDriver; id: ConversationId; names: Names }> => {
    const { driver } = await open();
    const id = await driver.group(ann, [bob]);
    const names: { sequence: number; id: string }[] = [];
    for (let sent = 0; sent < 12; sent += 1) {
      const { sequence, id: message } = await driver.send(ann, id, texts[sent % texts.length]);
      names.push({ sequence, id: message });
    }
    return { driver, id, names };
  };

  describe('answers within bytes', () => {
    it('[CM-5.1] [CM-5.2] a page has as many rows next to its anchor as fit, and covers only those', async () => {
      const { driver, id } = await filled();
      const { rows } = await driver.page(bob, id);
      for (const anchor of [{ at: 'end' }, { at: 'before', sequence: 9 }, { at: 'after', sequence: 4 }] as const) {
        const whole = await driver.page(bob, id, { anchor });
        for (const bytesMax of [1, 700, 1_500, 4_000, 100_000]) {
          const page = await driver.page(bob, id, { anchor, bytesMax });
          const fromAnchor = anchor.at === 'after' ? whole.rows : whole.rows.toReversed();
          const count = fitting(fromAnchor, bytesMax);
          const given = fromAnchor.slice(0, count).map(({ sequence }) => sequence);
          expect(page.rows.map(({ sequence }) => sequence)).toEqual(given.toSorted((a, b) => a - b));
          const limited = await driver.page(bob, id, { anchor, limit: count });
          expect(page.covers).toEqual(limited.covers);
        }
      }
      expect(rows).toHaveLength(13);
    });

    it('[CM-5.2] a page around a message has rows on both sides within its byte limit, the message first', async () => {
      const { driver, id } = await filled();
      const named = root(await driver.page(bob, id));
      for (const text of texts) await driver.do(ann, { command: 'send', conversation: id, text, thread: named });
      for (const [at, thread] of [[7], [15, named.sequence]] as const) {
        const place = { anchor: { at: 'around', sequence: at } as const, ...(thread !== undefined && { thread }) };
        const one = await driver.page(bob, id, { ...place, bytesMax: 1 });
        expect([one.rows.map(({ sequence }) => sequence), one.covers]).toEqual([[at], [at, at]]);
        const some = await driver.page(bob, id, { ...place, bytesMax: 3_500 });
        expect(bytesOf(some.rows)).toBeLessThanOrEqual(3_500);
        expect(Math.min(...some.rows.map(({ sequence }) => sequence))).toBeLessThan(at);
        expect(Math.max(...some.rows.map(({ sequence }) => sequence))).toBeGreaterThan(at);
        const all = await driver.page(bob, id, place);
        expect(some.rows).toEqual(all.rows.filter(({ sequence }) => within(some.covers, sequence)));
      }
    });

    it('[CM-5.2] paging a log and a thread with a byte limit returns each row once', async () => {
      const { driver, id } = await filled();
      const named = root(await driver.page(bob, id));
      for (const text of texts) await driver.do(ann, { command: 'send', conversation: id, text, thread: named });
      for (const thread of [undefined, named.sequence]) {
        const of = thread === undefined ? {} : { thread };
        const expected = (await driver.page(bob, id, of)).rows;
        const down = await collect<number | null, Message>(null, async (before) => {
          const anchor = before === null ? ({ at: 'end' } as const) : ({ at: 'before', sequence: before } as const);
          const page = await driver.page(bob, id, { ...of, anchor, bytesMax: 1_000 });
          const low = page.covers?.[0] ?? 1;
          return { rows: page.rows.toReversed(), next: low === 1 ? null : low };
        });
        expect(down.toReversed()).toEqual(expected);
        const up = await collect(0, async (after) => {
          const page = await driver.page(bob, id, { ...of, anchor: { at: 'after', sequence: after }, bytesMax: 1_000 });
          return { rows: page.rows, next: page.covers?.[1] ?? null };
        });
        expect(up).toEqual(expected);
      }
    });

    it('[CM-5.2] changes stop at the byte limit, and the next request continues there', async () => {
      const { driver, id, names } = await filled();
      for (const message of names)
        await driver.do(bob, { command: 'react', conversation: id, message, emoji: '👍', set: true });
      const all = await driver.store.changes(bob, id, 0, 200);
      const rows = await collect(0, async (since) => {
        const answer = await driver.store.changes(bob, id, since, 200, 1_500);
        if (answer.outcome !== 'changes') throw new Error(answer.outcome);
        expect(bytesOf(answer.rows)).toBeLessThanOrEqual(1_500);
        return { rows: answer.rows, next: answer.more ? answer.to : null };
      });
      expect(all).toMatchObject({ rows });
    });

    it('[CM-5.2] a search stops at the byte limit, and the next request continues there', async () => {
      const { driver } = await filled();
      const wanted = { terms: [], senders: [ann], places: null, has: [], from: null, until: null, limit: 20 } as const;
      const found = await driver.store.search(bob, { ...wanted, after: null });
      const hits = await collect<SearchPosition | null, Message>(null, async (after) => {
        const answer = await driver.store.search(bob, { ...wanted, after, bytesMax: 1_500 });
        expect(bytesOf(answer.hits)).toBeLessThanOrEqual(1_500);
        return { rows: answer.hits, next: answer.next };
      });
      expect(hits).toEqual(found.hits);
    });

    it('[CM-5.2] earlier texts of a message stop at the byte limit, and the next request continues there', async () => {
      const { driver, id, names } = await filled();
      const message = names[0] ?? { sequence: 0, id: '' };
      let base = 0;
      for (const text of [...texts, ...texts].map((each, index) => `${index} ${each}`)) {
        const edited = await driver.do(ann, { command: 'edit', conversation: id, message, base, text });
        base = 'modification' in edited ? edited.modification : base;
      }
      const all = await driver.store.versions(bob, id, message, { before: null, limit: 100 });
      const versions = await collect<number | null, object>(null, async (before) => {
        const answer = await driver.store.versions(bob, id, message, { before, limit: 100, bytesMax: 1_500 });
        if (answer.outcome !== 'versions') throw new Error(answer.outcome);
        expect(bytesOf(answer.versions)).toBeLessThanOrEqual(1_500);
        return { rows: answer.versions, next: answer.more ? (answer.versions.at(-1)?.modification ?? null) : null };
      });
      expect(all).toMatchObject({ versions, more: false });
      expect(versions).toHaveLength(8);
    });

    it('[CM-5.2] followed threads stop at the byte limit, and the next request continues there', async () => {
      const { driver, id, names } = await filled();
      for (const [index, thread] of names.slice(0, 6).entries())
        await driver.do(ann, { command: 'send', conversation: id, text: texts[index % 4] ?? '', thread });
      const all = await driver.store.threads(ann, null, 20);
      const threads = await collect<SearchPosition | null, object>(null, async (after) => {
        const answer = await driver.store.threads(ann, after, 20, 2_500);
        expect(answer.threads.length).toBeLessThan(4);
        return { rows: answer.threads, next: answer.next };
      });
      expect([threads, threads.length]).toEqual([all.threads, 6]);
    });

    it('[CM-5.3] named and pinned messages stop at the byte limit and report that there are more', async () => {
      const { driver, id, names } = await filled();
      for (const message of names) await driver.do(ann, { command: 'pin', conversation: id, message, set: true });
      for (const ask of [
        (bytesMax?: number) => driver.store.messages(bob, id, names, bytesMax),
        (bytesMax?: number) => driver.store.pins(bob, id, bytesMax),
      ]) {
        const all = await ask();
        const some = await ask(2_000);
        if (all.outcome !== 'messages' || some.outcome !== 'messages') throw new Error('not a member');
        expect([all.rows.length, all.more, some.more]).toEqual([12, undefined, true]);
        expect(some.rows).toEqual(all.rows.slice(0, fitting(all.rows, 2_000)));
      }
    });

    it('[CM-5.2] lists stop at the byte limit, and the next request continues there', async () => {
      const { driver } = await open();
      const ids: ConversationId[] = [];
      for (const text of [...texts, ...texts]) {
        ids.push(await driver.group(ann, [bob], `group ${ids.length}`));
        await driver.send(ann, ids.at(-1) ?? 0, text);
      }
      const first = await driver.store.list(bob, null, 50);
      const short = await driver.store.list(bob, null, 50, 2_500);
      expect([short.more, short.entries.length]).toEqual([true, fitting(first.entries, 2_500)]);
      const page = await driver.store.listPage(bob, null, 50, 2_500);
      expect([page.more, page.entries]).toEqual([true, short.entries]);
      for (const [index, conversation] of ids.entries()) await driver.send(ann, conversation, texts[index % 4]);
      const changed = await collect(first.cursor, async (cursor) => {
        const answer = await driver.store.list(bob, cursor, 50, 2_500);
        expect([answer.outcome, bytesOf(answer.entries) <= 2_500]).toEqual(['changed', true]);
        return { rows: answer.entries, next: answer.more ? answer.cursor : null };
      });
      expect(new Set(changed.map(({ conversation }) => conversation))).toEqual(new Set(ids));
      const found = await collect<ListPosition | null, Entry>(null, async (after) => {
        const page = { after, limit: 20, bytesMax: 2_500 };
        const answer = await driver.store.findConversations(bob, { name: 'group', peers: [] }, page);
        expect(bytesOf(answer.entries)).toBeLessThanOrEqual(2_500);
        return { rows: answer.entries, next: answer.next };
      });
      expect(found.map(({ conversation }) => conversation)).toEqual(ids.toReversed());
    });
  });
}

/** Requests the next answer from where each ended, until nothing is left. */
async function collect<From, Row>(
  first: From,
  ask: (from: From) => Promise<{ readonly rows: readonly Row[]; readonly next: From | null }>,
): Promise<readonly Row[]> {
  const rows: Row[] = [];
  for (let from = first; ; ) {
    const answer = await ask(from);
    rows.push(...answer.rows);
    if (answer.next === null) return rows;
    from = answer.next;
  }
}

type Names = readonly { readonly sequence: number; readonly id: string }[];

/** Returns how many of the rows fit; the first always counts. */
function fitting(rows: readonly object[], bytesMax: number): number {
  let [count, bytes] = [0, 0];
  for (const row of rows) {
    bytes += jsonBytes(row) + 1;
    if (count > 0 && bytes > bytesMax) break;
    count += 1;
  }
  return count;
}

function bytesOf(rows: readonly object[]): number {
  return rows.reduce((sum, row) => sum + jsonBytes(row) + 1, 0);
}

function within(covers: readonly [number, number] | null, sequence: number): boolean {
  return covers !== null && sequence >= covers[0] && sequence <= covers[1];
}

/** Returns the name of the first message that was sent. */
function root({ rows }: { readonly rows: readonly Message[] }): { sequence: number; id: string } {
  const first = rows.find(({ body }) => body.kind === 'text');
  if (first === undefined) throw new Error('nothing was sent');
  return { sequence: first.sequence, id: first.id };
}
