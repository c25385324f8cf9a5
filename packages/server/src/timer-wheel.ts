/**
 * An entry that a timer wheel calls later. The wheel stores its list links in the entry itself, to allocate no memory.
 */
export interface TimerEntry {
  wheelNext: TimerEntry | null;
  wheelPrevious: TimerEntry | null;
  /** The tick at which the entry is due. */
  wheelTick: number;
  /**
   * Called when the entry is due: never early, and late by at most one tick plus the time for which the process was
   * busy.
   */
  onTimer(now: number): void;
}

/** The single timer of a server, for any number of sessions, links, bodies and tickets. */
export interface TimerWheel {
  /**
   * Calls the entry once, `delayMs` from now, rounded up to a tick. Replaces its earlier schedule. @throws RangeError
   * for NaN
   */
  schedule(entry: TimerEntry, delayMs: number): void;
  cancel(entry: TimerEntry): void;
  stop(): void;
}

/**
 * Number of slots. A slot holds the entries that are due in one tick. 512 ticks of 50 ms make a round of 25 s, longer
 * than any heartbeat. An entry with a longer delay is moved to another slot once a round.
 */
const SLOTS = 512;
/**
 * A timer that is late by this many ticks means that the process was blocked. Input from that time is read before
 * entries are called.
 */
const STANDSTILL_TICKS = 20;
/** Maximum sleep of the timer in ticks while nothing is due. Each wake-up costs at least as much as a message. */
const SLEEP_TICKS = 20;

interface Slot {
  wheelNext: TimerEntry;
  wheelPrevious: TimerEntry;
}

/**
 * Creates a wheel.
 *
 * @param tickMs milliseconds of one tick
 * @param now returns milliseconds
 */
export function createTimerWheel(tickMs: number, now: () => number): TimerWheel {
  const slots: Slot[] = Array.from({ length: SLOTS }, createSlot);
  let waiting = 0;
  let timer: NodeJS.Timeout | undefined;
  /** The tick for which the timer is set. No entry is due earlier. */
  let wakesAt = 0;
  /** The tick up to which the slots were processed. */
  let done = 0;

  const tickAt = (time: number): number => Math.floor(time / tickMs);

  function unlink(entry: TimerEntry): void {
    if (entry.wheelNext === null || entry.wheelPrevious === null) return;
    entry.wheelPrevious.wheelNext = entry.wheelNext;
    entry.wheelNext.wheelPrevious = entry.wheelPrevious;
    entry.wheelNext = null;
    entry.wheelPrevious = null;
    waiting -= 1;
  }

  function schedule(entry: TimerEntry, delayMs: number): void {
    // Throws here, because NaN (for example from an unchecked setting) would select a slot that does not exist.
    if (Number.isNaN(delayMs)) throw new RangeError('A delay of NaN ms cannot be waited for.');
    unlink(entry);
    const time = now();
    const tick = tickAt(time);
    if (timer === undefined) done = tick;
    entry.wheelTick = Math.max(Math.max(tick, done) + 1, Math.ceil((time + delayMs) / tickMs));
    link(entry, Math.min(entry.wheelTick, done + SLOTS - 1));
    if (timer === undefined || entry.wheelTick < wakesAt) sleep();
  }

  function link(entry: TimerEntry, tick: number): void {
    const slot = slots[tick % SLOTS] as Slot;
    entry.wheelNext = slot as TimerEntry;
    entry.wheelPrevious = slot.wheelPrevious;
    slot.wheelPrevious.wheelNext = entry;
    slot.wheelPrevious = entry;
    waiting += 1;
  }

  /** Sets the timer for the next slot with an entry. */
  function sleep(): void {
    clearTimeout(timer);
    wakesAt = done + 1;
    while (wakesAt < done + SLEEP_TICKS && isEmpty(slots[wakesAt % SLOTS] as Slot)) wakesAt += 1;
    // After a long turn the slot may be due already. Node.js warns of a negative delay.
    timer = setTimeout(onTimer, Math.max(0, Math.ceil(wakesAt * tickMs - now())));
    timer.unref();
  }

  function stop(): void {
    clearTimeout(timer);
    timer = undefined;
  }

  function onTimer(): void {
    if (tickAt(now()) - wakesAt < STANDSTILL_TICKS) turn();
    else setImmediate(turn);
  }

  function turn(): void {
    // The wheel may have been stopped meanwhile.
    if (timer === undefined) return;
    const time = now();
    const target = tickAt(time);
    // After a standstill of more than a round, each slot must be processed only once.
    done = Math.max(done, target - SLOTS);
    while (done < target) {
      done += 1;
      empty(slots[done % SLOTS] as Slot, time);
    }
    if (waiting === 0) stop();
    else sleep();
  }

  /** Calls the entries of a slot. The loop ends, because a rescheduled entry goes to a slot after `done`. */
  function empty(slot: Slot, time: number): void {
    for (let entry = slot.wheelNext; entry !== slot; entry = slot.wheelNext) {
      unlink(entry);
      if (entry.wheelTick > tickAt(time)) link(entry, Math.min(entry.wheelTick, done + SLOTS - 1));
      else entry.onTimer(time);
    }
  }

  return { schedule, cancel: unlink, stop };
}

/** Creates an entry that calls a function once. */
export function createDeadline(act: () => void): TimerEntry {
  return { wheelNext: null, wheelPrevious: null, wheelTick: 0, onTimer: act };
}

function isEmpty(slot: Slot): boolean {
  return slot.wheelNext === slot;
}

/** Creates the head of a ring. It is linked like an entry and never called. */
function createSlot(): Slot {
  const slot = { onTimer: () => undefined } as unknown as Slot & TimerEntry;
  slot.wheelNext = slot;
  slot.wheelPrevious = slot;
  return slot;
}
