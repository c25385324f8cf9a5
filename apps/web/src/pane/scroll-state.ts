import {
  type Anchor,
  anchorOf,
  distanceToEnd,
  END_TOLERANCE_PX,
  hasReached,
  lastMessageInView,
  type ScrollKey,
  type ScrollView,
  sameView,
  sequenceFrom,
  topAfter,
  topOf,
  viewOf,
} from './scroll-geometry.js';
import type { Measures } from './scroll-measures.js';
import type { ScrollPlace } from './scroll-memory.js';
import type { TimelineItem } from './timeline-items.js';

/** What happens to a list. */
export type ScrollEvent =
  /** The user did something that may scroll. */
  | { readonly type: 'intent' }
  /** The user pressed a key that scrolls the list. */
  | { readonly type: 'key'; readonly key: Exclude<ScrollKey, 'End'> }
  /** The user goes to a place. */
  | { readonly type: 'place'; readonly place: ScrollPlace }
  /** The user goes to the first unread message if it is below the sequence `seenTo`, otherwise to the end. */
  | { readonly type: 'latest'; readonly seenTo: number }
  /** The items changed. `kept`: the stored place of the conversation */
  | { readonly type: 'items'; readonly kept: ScrollPlace | null }
  /** The list scrolled, whatever caused it. */
  | { readonly type: 'scroll' }
  | { readonly type: 'scrollEnd' }
  /** Rows or the viewport changed their size. */
  | { readonly type: 'resize' }
  /** An animation frame while `aim` is set. */
  | { readonly type: 'frame' }
  /** The opening place may be reached now, because a list that fits its viewport never scrolls. `last`: the list is shown anyway */
  | { readonly type: 'retry'; readonly last: boolean }
  | { readonly type: 'look' };

/** The list at an event. */
export interface ScrollInput {
  /** The time in milliseconds. */
  readonly now: number;
  readonly items: readonly TimelineItem[];
  /** The virtual list keeps its own position for this change. */
  readonly shift: boolean;
  /** Whether the items end with the newest message, and not with a gap. */
  readonly isEnd: boolean;
  /** The unread message to open at; `null` for the end. */
  readonly opensAt: string | null;
  /** `null`: the list is not drawn. */
  readonly measures: Measures | null;
}

/** What the list shows now. */
export interface ScrollShown {
  readonly view: ScrollView;
  /** The last message in view when scrolling stopped. */
  readonly lastInView: string | null;
}

export interface ScrollState {
  readonly shown: ScrollShown;
  /** The target position: the end while the user stays there, or a row until it is reached and measured. */
  readonly target: ScrollPlace | null;
  readonly targetSetAt: number;
  /** The frames until a targeted row is given up, and those for which it has been in place; `null` without such a row. */
  readonly aim: { readonly left: number; readonly held: number } | null;
  /** False until the opening place is reached. What is in view before that is ignored. */
  readonly arrived: boolean;
  readonly openedAt: 'not' | 'row' | 'end' | 'asked';
  readonly anchor: Anchor | null;
  readonly lastTop: number;
  /** When the list was last scrolled to its target. */
  readonly aimedAt: number;
  readonly intentAt: number;
}

/** The state after an event, and what is to be done. */
export interface ScrollStep {
  readonly state: ScrollState;
  /** The scroll position to set, not clamped; `null` for none. */
  readonly scrollTo: number | null;
  /** The place to store for the next visit; `null` for none. */
  readonly keep: ScrollPlace | null;
  /** The upper edge is close to the oldest loaded item. */
  readonly nearStart: boolean;
}

const NEAR_START_PX = 800;
/** The space above the unread line, so that some read messages stay visible. */
const CONTEXT_PX = 56;
/** Measuring new rows may move the list; a scroll within this time after our own is not attributed to the user. */
export const SETTLE_MS = 200;
const INTENT_MS = 1_500;
/** Frames for which a reached row is held in place, because rows around it are measured only when they come into view. */
const HELD_FRAMES = 3;
/** Frames (one second on a fast device) after which a row that is not reached is given up. */
const ROW_AIM_FRAMES_MAX = 60;

/** The state of a list before its first items. */
export const NOT_OPENED: ScrollState = {
  shown: { view: { known: false, atEnd: false, far: false, dayAt: null }, lastInView: null },
  target: null,
  targetSetAt: 0,
  aim: null,
  arrived: false,
  openedAt: 'not',
  anchor: null,
  lastTop: 0,
  aimedAt: 0,
  intentAt: Number.NEGATIVE_INFINITY,
};

/**
 * Returns the next scroll state of a message list: it opens at the stored place, else at the first unread message, else at the end; stays
 * at the end; and holds the first visible message in place. The virtual list itself handles prepended rows.
 */
export function reduceScroll(state: ScrollState, event: ScrollEvent, input: ScrollInput): ScrollStep {
  switch (event.type) {
    case 'intent':
      return stay({ ...state, intentAt: input.now });
    case 'key':
      return afterKey(state, event.key, input);
    case 'place':
      return afterPlace(state, event.place, input);
    case 'latest':
      return afterPlace(state, latestPlace(event.seenTo, input), input);
    case 'items':
      return afterItems(state, event.kept, input);
    case 'scroll':
      return afterScroll(state, input);
    case 'scrollEnd':
      return stay(withLastInView(state, input));
    case 'resize':
      return toTarget(state, input);
    case 'frame':
      return afterFrame(state, input);
    case 'retry':
      if (!event.last && !isAtTarget(state, input)) return toTarget(state, input);
      return look(withLastInView({ ...state, arrived: true }, input), input);
    case 'look':
      return look(state, input);
  }
}

function stay(state: ScrollState): ScrollStep {
  return { state, scrollTo: null, keep: null, nearStart: false };
}

function toTarget(state: ScrollState, { now, items, measures }: ScrollInput): ScrollStep {
  if (state.target === null || measures === null || items.length === 0) return stay(state);
  return { ...stay({ ...state, aimedAt: now }), scrollTo: topOf(items, measures, state.target) };
}

/** Updates what is shown from what is in view now. */
function look(state: ScrollState, { items, isEnd, measures }: ScrollInput): ScrollStep {
  if (measures === null || !state.arrived || items.length === 0) return stay(state);
  const view = viewOf(items, measures, isEnd);
  const shown = sameView(state.shown.view, view) ? state.shown : { ...state.shown, view };
  const anchor = anchorOf(items, measures);
  const { key, index, top } = anchor ?? { key: '', index: 0, top: 0 };
  const isRow = !view.atEnd && anchor !== null;
  return {
    ...stay({ ...state, shown, anchor }),
    keep: isRow ? { at: 'row', key, top, sequence: sequenceFrom(items, index) } : { at: 'end' },
    nearStart: measures.offset < NEAR_START_PX,
  };
}

function afterKey(state: ScrollState, key: Exclude<ScrollKey, 'End'>, { now, measures }: ScrollInput): ScrollStep {
  if (measures === null) return stay(state);
  const isAtEnd = distanceToEnd(measures) <= END_TOLERANCE_PX;
  // At the end, Page Down does not scroll, and the list stays there.
  const next = key === 'PageDown' && isAtEnd ? state : withoutTarget(state);
  return { ...stay({ ...next, intentAt: now }), scrollTo: topAfter(key, measures) };
}

function afterPlace(state: ScrollState, place: ScrollPlace, input: ScrollInput): ScrollStep {
  // The user chose this row, or chose the end before rows were loaded. Messages found to be unread later must not move the list.
  const openedAt = place.at === 'row' || state.openedAt === 'not' ? 'asked' : state.openedAt;
  return toTarget(withTarget({ ...state, openedAt }, place, input.now), input);
}

/** Restores the position after a change of the items. */
function afterItems(state: ScrollState, kept: ScrollPlace | null, input: ScrollInput): ScrollStep {
  if (input.items.length === 0 || input.measures === null) return stay(state);
  const touched = state.intentAt > Number.NEGATIVE_INFINITY;
  const unreadKnownNow = state.openedAt === 'end' && !touched && unreadPlace(input) !== null;
  if (state.openedAt === 'not' || unreadKnownNow) {
    const place = openingPlace(kept, input);
    return toTarget(withTarget({ ...state, openedAt: place.at }, place, input.now), input);
  }
  return toTarget(state.target === null ? withAnchor(state, input) : state, input);
}

function afterScroll(state: ScrollState, input: ScrollInput): ScrollStep {
  const { now, measures } = input;
  if (measures === null) return stay(state);
  const { top } = measures;
  // A scroll older than the target does not cancel it.
  const asked = now - state.intentAt < INTENT_MS && state.intentAt > state.targetSetAt;
  const left = top < state.lastTop - 1 && (asked || now - state.aimedAt > SETTLE_MS);
  const reached = state.target !== null && (asked || isAtTarget(state, input));
  const next = { ...state, lastTop: top, arrived: state.arrived || reached };
  // While scrolling to a row, the end does not attract the list, and only the user's own scrolling cancels the target.
  if (next.target?.at === 'row' && !asked) return look(next, input);
  return look(withEndHeld(next.target?.at === 'row' ? withoutTarget(next) : next, left, input), input);
}

/** Aims until the row is in place with everything around it measured. */
function afterFrame(state: ScrollState, input: ScrollInput): ScrollStep {
  if (state.aim === null) return stay(state);
  const there = isAtTarget(state, input);
  const aim = { left: state.aim.left - 1, held: there ? state.aim.held + 1 : 0 };
  const next = { ...state, aim };
  if (aim.left > 0 && aim.held < HELD_FRAMES) return there ? stay(next) : toTarget(next, input);
  return look(withEndHeld(withoutTarget({ ...next, arrived: true }), false, input), input);
}

function withTarget(state: ScrollState, target: ScrollPlace, now: number): ScrollState {
  const targetSetAt = target.at === 'row' || state.target?.at !== 'end' ? now : state.targetSetAt;
  const aim = target.at === 'row' ? { left: ROW_AIM_FRAMES_MAX, held: 0 } : null;
  return { ...state, target, targetSetAt, aim };
}

function withoutTarget(state: ScrollState): ScrollState {
  return { ...state, target: null, aim: null };
}

/** Keeps a list at its end, unless the user has scrolled away. */
function withEndHeld(state: ScrollState, left: boolean, { now, isEnd, measures }: ScrollInput): ScrollState {
  const isAtEnd = isEnd && measures !== null && distanceToEnd(measures) <= END_TOLERANCE_PX;
  if (isAtEnd && state.arrived) return withTarget(state, { at: 'end' }, now);
  return left || !isEnd ? withoutTarget(state) : state;
}

function withLastInView(state: ScrollState, { items, measures }: ScrollInput): ScrollState {
  if (measures === null) return state;
  return { ...state, shown: { ...state.shown, lastInView: lastMessageInView(items, measures) } };
}

/** Moves the anchor row back into place if rows changed above it and the list did not handle that itself. */
function withAnchor(state: ScrollState, { now, items, shift }: ScrollInput): ScrollState {
  const { anchor } = state;
  if (anchor === null) return state;
  const index = items.findIndex((item) => item.key === anchor.key);
  const next = { ...state, anchor: index === -1 ? null : { ...anchor, index } };
  const hasMoved = index !== -1 && index !== anchor.index;
  return hasMoved && !shift ? withTarget(next, { at: 'row', key: anchor.key, top: anchor.top }, now) : next;
}

function isAtTarget({ target }: ScrollState, { items, measures }: ScrollInput): boolean {
  return target === null || (measures !== null && hasReached(items, measures, target));
}

function openingPlace(kept: ScrollPlace | null, input: ScrollInput): ScrollPlace {
  if (kept?.at === 'row' && input.items.some((item) => item.key === kept.key)) return kept;
  return unreadPlace(input) ?? { at: 'end' };
}

function latestPlace(seenTo: number, input: ScrollInput): ScrollPlace {
  const unread = input.items.find((item) => item.key === input.opensAt);
  const isBelow = unread?.type === 'message' && (unread.row.sequence ?? 0) > seenTo;
  return (isBelow ? unreadPlace(input) : null) ?? { at: 'end' };
}

function unreadPlace({ items, opensAt }: ScrollInput): ScrollPlace | null {
  const key = `new ${opensAt}`;
  return opensAt === null || !items.some((item) => item.key === key) ? null : { at: 'row', key, top: CONTEXT_PX };
}
