// Over 300 lines: the model of the list and what a reader relies on, in one place.
import type { TimelineRow } from '@everywire/chat-client';
import fc from 'fast-check';
import '../../../../tests/property-seed.js';
import { expect, test } from 'vitest';
import { linWan, message } from '../../fixtures/cast.js';
import type { Measures } from './scroll-measures.js';
import type { ScrollPlace } from './scroll-memory.js';
import { NOT_OPENED, reduceScroll, type ScrollEvent } from './scroll-state.js';
import { shownSpan } from './shown-span.js';
import { stepTowards } from './steady-items.js';
import { type TimelineItem, timelineItems } from './timeline-items.js';

// A conversation of 400 messages, the last 200 of them unread, whose pages arrive late and in any order, in a list that measures a row
// only when it comes near the view.

const MESSAGES = 400;
const FIRST_UNREAD = 201;
const PAGE = 30;
const VIEWPORT_PX = 500;
const ESTIMATE_PX = 60;
/** Rows this far from the view are drawn. */
const BUFFER_PX = 600;
/** The distance from the gap below at which its page is requested. */
const AHEAD_PX = 2_400;

type Action =
  | { readonly type: 'wheel'; readonly px: number }
  | { readonly type: 'key'; readonly key: 'PageUp' | 'PageDown' | 'Home' }
  | { readonly type: 'end' }
  | { readonly type: 'jump'; readonly to: number }
  /** The page asked for as the `at`th of those pending arrives. */
  | { readonly type: 'page'; readonly at: number }
  | { readonly type: 'news' }
  /** A message disappears for the user. */
  | { readonly type: 'hidden'; readonly sequence: number }
  | { readonly type: 'wait'; readonly ms: number };

/** The message list, without a page and a server. */
class Reader {
  state = NOT_OPENED;
  items: readonly TimelineItem[] = [];
  readonly #loaded = new Set<number>();
  readonly #hidden = new Set<number>();
  readonly #pending: { readonly from: number; readonly to: number }[] = [];
  readonly #heads = new Set<string>();
  readonly #measured = new Set<string>();
  #newest = MESSAGES;
  #within: number | null = FIRST_UNREAD;
  #kept: ScrollPlace | null = null;
  #now = 1_000_000;
  #top = 0;
  #scrolled = false;

  constructor() {
    this.#load(MESSAGES - PAGE, MESSAGES);
    this.#load(FIRST_UNREAD - 10, FIRST_UNREAD + PAGE);
    this.#onRows();
  }

  /** Performs an action and lets the page paint. */
  perform(action: Action): void {
    this.#now += 16;
    switch (action.type) {
      case 'wheel':
        this.#tell({ type: 'intent' });
        this.#scrollTo(this.#top + action.px);
        break;
      case 'key':
        this.#tell({ type: 'intent' });
        this.#tell({ type: 'key', key: action.key });
        break;
      case 'end':
        this.#show(null);
        this.#tell({ type: 'place', place: { at: 'end' } });
        break;
      case 'jump':
        this.#load(action.to - PAGE / 2, action.to + PAGE / 2);
        this.#show(action.to);
        this.#tell({ type: 'place', place: { at: 'row', key: `m${action.to}`, top: 160 } });
        break;
      case 'page': {
        const [page] = this.#pending.splice(action.at % Math.max(1, this.#pending.length), 1);
        if (page !== undefined) this.#load(page.from, page.to);
        break;
      }
      case 'news':
        this.#newest += 1;
        this.#load(this.#newest, this.#newest);
        break;
      case 'hidden':
        this.#hidden.add(action.sequence);
        break;
      case 'wait':
        this.#now += action.ms;
        break;
    }
    this.#onRows();
    this.paint();
  }

  /** Measures the rows that are drawn, and lets the events of a frame happen. */
  paint(): void {
    this.#now += 16;
    this.#measure();
    if (this.#scrolled) {
      this.#scrolled = false;
      this.#tell({ type: 'scroll' });
    }
    if (this.state.aim !== null) this.#tell({ type: 'frame' });
    this.#tell({ type: 'look' });
    const isNear = this.#height() - this.#top - VIEWPORT_PX < AHEAD_PX;
    const gap = this.items.at(-1);
    const last = this.items.findLast((item) => item.type === 'message');
    if (isNear && gap?.type === 'gap' && last !== undefined) this.#request((last.row.sequence ?? 0) + 1, PAGE);
  }

  /** The sequences of the messages in view. */
  inView(): readonly number[] {
    const from = this.#indexAt(this.#top);
    const to = this.#indexAt(this.#top + VIEWPORT_PX - 1);
    const rows = this.items.slice(from, to + 1);
    return rows.flatMap((item) => (item.type === 'message' ? [item.row.sequence ?? 0] : []));
  }

  /** How far a message is below the upper edge, in pixels; `null` if it is not in the list. */
  distanceOf(sequence: number): number | null {
    const index = this.items.findIndex((item) => item.key === `m${sequence}`);
    return index === -1 ? null : this.#offsetOf(index) - this.#top;
  }

  /** Whether all messages between two are loaded. */
  hasAll(from: number, to: number): boolean {
    for (let sequence = from; sequence <= to; sequence += 1) if (!this.#loaded.has(sequence)) return false;
    return true;
  }

  get newest(): number {
    for (let sequence = this.#newest; ; sequence -= 1) if (!this.#hidden.has(sequence)) return sequence;
  }

  /** Whether the list cannot scroll further in a direction, so that rows may have to move. */
  get isAtEdge(): boolean {
    return this.#top <= 0 || this.#top >= this.#height() - VIEWPORT_PX;
  }

  #show(within: number | null): void {
    this.#within = within;
    this.#onRows();
  }

  #load(from: number, to: number): void {
    for (let sequence = Math.max(1, from); sequence <= Math.min(to, this.#newest); sequence += 1)
      this.#loaded.add(sequence);
  }

  #request(from: number, count: number): void {
    const to = from + count - 1;
    if (!this.#pending.some((page) => page.from === from || page.to === to)) this.#pending.push({ from, to });
  }

  /** Gives the rows to the list as the page does: what is prepended and what is appended one after the other. */
  #onRows(): void {
    const rows: TimelineRow[] = [];
    let before: number | null = null;
    for (const sequence of [...this.#loaded].sort((one, other) => one - other)) {
      if (before !== null && sequence > before + 1) rows.push({ type: 'gap', key: `gap ${before}`, loading: false });
      before = sequence;
      if (!this.#hidden.has(sequence)) rows.push(message(sequence, linWan, sequence * 60_000, 'x'));
    }
    const span = shownSpan(rows, this.#within);
    const unreadKey = `m${FIRST_UNREAD}`;
    const next = timelineItems({ rows: span.rows, atStart: false, unreadKey, heads: this.#heads });
    const same = next.length === this.items.length && next.every(({ key }, at) => key === this.items[at]?.key);
    for (let at = 0; !same && at < 2; at += 1) {
      const { items, shift } = stepTowards(this.items, next);
      const added = shift ? items.length - this.items.length : 0;
      this.items = items;
      // The virtual list keeps its position relative to the end.
      if (shift) this.#top += this.#offsetOf(added);
      this.#top = this.#clamp(this.#top);
      this.#tell({ type: 'items', kept: this.#kept }, shift);
    }
  }

  #measure(): void {
    for (let isNew = true; isNew; ) {
      isNew = false;
      const to = this.#indexAt(this.#top + VIEWPORT_PX + BUFFER_PX);
      for (let index = this.#indexAt(this.#top - BUFFER_PX); index <= to; index += 1) {
        const { key } = this.items[index] as TimelineItem;
        if (this.#measured.has(key)) continue;
        const isAbove = this.#offsetOf(index) < this.#top;
        this.#measured.add(key);
        // The virtual list keeps what is below a measured row in place.
        if (isAbove) this.#scrollTo(this.#top + heightOf(key) - ESTIMATE_PX);
        isNew = true;
      }
      if (isNew) this.#tell({ type: 'resize' });
    }
  }

  #tell(event: ScrollEvent, shift = false): void {
    const { items } = this;
    const input = { now: this.#now, items, shift, isEnd: items.at(-1)?.type !== 'gap', opensAt: `m${FIRST_UNREAD}` };
    const step = reduceScroll(this.state, event, { ...input, measures: items.length === 0 ? null : this.#measures() });
    this.state = step.state;
    this.#kept = step.keep ?? this.#kept;
    if (step.scrollTo !== null) this.#scrollTo(step.scrollTo);
    const first = this.items.find((item) => item.type === 'message')?.row.sequence ?? 1;
    if (step.nearStart && first > 1) this.#request(Math.max(1, first - PAGE), Math.min(PAGE, first - 1));
  }

  #measures(): Measures {
    return {
      top: this.#top,
      offset: this.#top,
      height: this.#height(),
      viewport: VIEWPORT_PX,
      offsetOf: (index) => this.#offsetOf(index),
      indexAt: (offset) => this.#indexAt(offset),
    };
  }

  #scrollTo(px: number): void {
    const top = this.#clamp(px);
    this.#scrolled ||= top !== this.#top;
    this.#top = top;
  }

  #clamp(px: number): number {
    return Math.max(0, Math.min(px, this.#height() - VIEWPORT_PX));
  }

  #height(): number {
    return Math.max(VIEWPORT_PX, this.#offsetOf(this.items.length));
  }

  #offsetOf(index: number): number {
    return this.items
      .slice(0, index)
      .reduce((sum, { key }) => sum + (this.#measured.has(key) ? heightOf(key) : ESTIMATE_PX), 0);
  }

  #indexAt(offset: number): number {
    let bottom = 0;
    const at = this.items.findIndex(({ key }) => {
      bottom += this.#measured.has(key) ? heightOf(key) : ESTIMATE_PX;
      return bottom > offset;
    });
    return at === -1 ? this.items.length - 1 : at;
  }
}

/** The height of a row: one to ten lines, the same for a key each time. */
function heightOf(key: string): number {
  let hash = 7;
  for (const sign of key) hash = (hash * 31 + sign.charCodeAt(0)) % 1_009;
  return 30 + (hash % 10) * 24;
}

const half = fc.integer({ min: 1, max: MESSAGES / 2 });
// Nobody jumps to a message that is hidden.
const odd = half.map((number) => 2 * number - 1);
const even = half.map((number) => 2 * number);
const action: fc.Arbitrary<Action> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ type: fc.constant('wheel'), px: fc.integer({ min: -3_500, max: 3_500 }) }) },
  {
    weight: 4,
    arbitrary: fc.record({ type: fc.constant('key'), key: fc.constantFrom('PageUp', 'PageDown', 'PageDown', 'Home') }),
  },
  { weight: 8, arbitrary: fc.record({ type: fc.constant('page'), at: fc.nat(5) }) },
  fc.record({ type: fc.constant('end') }),
  fc.record({ type: fc.constant('jump'), to: odd }),
  { weight: 2, arbitrary: fc.record({ type: fc.constant('news') }) },
  fc.record({ type: fc.constant('hidden'), sequence: even }),
  fc.record({ type: fc.constant('wait'), ms: fc.integer({ min: 1, max: 3_000 }) }),
);

/** Performs one more action and checks what a reader relies on. */
function expectSteady(reader: Reader, action: Action): void {
  const before = reader.inView();
  const [first = 0] = before;
  const distance = reader.distanceOf(first);
  const wasAtEnd = reader.state.shown.view.atEnd;
  const wasReading = reader.state.target === null && !reader.isAtEdge;
  reader.perform(action);
  const said = JSON.stringify(action);
  if (action.type === 'wheel' || action.type === 'key') {
    const passed = [...before, ...reader.inView()];
    expect(reader.hasAll(Math.min(...passed), Math.max(...passed)), `${said}: passed ${passed}`).toBe(true);
  } else if (action.type === 'jump') {
    expectInView(reader, action.to, said);
  } else if (action.type === 'end' || wasAtEnd) {
    expectInView(reader, reader.newest, said);
  } else if (wasReading && !reader.isAtEdge && reader.distanceOf(first) !== null) {
    expect(Math.abs((reader.distanceOf(first) ?? 0) - (distance ?? 0)), `${said}: ${first} moved`).toBeLessThan(3);
  }
  if (reader.state.shown.view.atEnd) expect(reader.inView(), `${said}: at the end`).toContain(reader.newest);
}

/** Checks that a message comes into view within 60 frames. */
function expectInView(reader: Reader, sequence: number, said: string): void {
  for (let frame = 0; frame < 60; frame += 1) reader.paint();
  expect(reader.inView(), said).toContain(sequence);
}

test('a list opens at the first unread message, whatever its rows measure', () => {
  const reader = new Reader();
  for (let frame = 0; frame < 10; frame += 1) reader.paint();
  expect(reader.inView()).toContain(FIRST_UNREAD);
  expect(reader.state).toMatchObject({ arrived: true, aim: null });
});

test('nothing moves under a reader and nobody passes what is not loaded, however pages arrive and rows measure', () => {
  fc.assert(
    fc.property(fc.array(action, { minLength: 1, maxLength: 60, size: 'max' }), (actions) => {
      const reader = new Reader();
      for (let frame = 0; frame < 10; frame += 1) reader.paint();
      for (const action of actions) expectSteady(reader, action);
    }),
    { numRuns: 60 },
  );
});
