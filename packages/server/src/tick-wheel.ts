/** Something that wants to be looked at later. The wheel keeps its place in these fields, so waiting allocates nothing. */
export interface WheelEntry {
  wheelNext: WheelEntry | null;
  wheelPrevious: WheelEntry | null;
  /** The tick it is due at. */
  wheelTick: number;
  /** Looks at its clocks; never early, and late by a tick or by what the process was busy with. */
  onWheel(now: number): void;
}

/** The one timer of a server: sessions, links, bodies and tickets all wait here, however many there are. */
export interface TickWheel {
  /** Looks at the entry once, `delayMs` from now, rounded up to a tick. Takes the place of an earlier wish. @throws RangeError for NaN. */
  schedule(entry: WheelEntry, delayMs: number): void;
  cancel(entry: WheelEntry): void;
  stop(): void;
}

/** 512 ticks of 50 ms go round in 25 s, longer than any heartbeat; entries that wait longer are moved on once a round. */
const SLOTS = 512;
/** A timer this late means that the process stood still: what the peers sent meanwhile is read first, then judged. */
const STANDSTILL_TICKS = 20;
/** While no entry is due the timer sleeps, so long at most: every waking costs as much as a message or more. */
const SLEEP_TICKS = 20;

interface Slot {
  wheelNext: WheelEntry;
  wheelPrevious: WheelEntry;
}

export function createTickWheel(tickMs: number, now: () => number): TickWheel {
  const slots: Slot[] = Array.from({ length: SLOTS }, createSlot);
  let waiting = 0;
  let timer: NodeJS.Timeout | undefined;
  /** The tick the timer is set for: nothing is due before it. */
  let wakesAt = 0;
  /** The tick up to which slots were emptied. */
  let done = 0;

  const tickAt = (time: number): number => Math.floor(time / tickMs);

  function unlink(entry: WheelEntry): void {
    if (entry.wheelNext === null || entry.wheelPrevious === null) return;
    entry.wheelPrevious.wheelNext = entry.wheelNext;
    entry.wheelNext.wheelPrevious = entry.wheelPrevious;
    entry.wheelNext = null;
    entry.wheelPrevious = null;
    waiting -= 1;
  }

  function schedule(entry: WheelEntry, delayMs: number): void {
    // A setting that was not checked: named here, for the slot it leads to does not exist.
    if (Number.isNaN(delayMs)) throw new RangeError('A delay of NaN ms cannot be waited for.');
    unlink(entry);
    const time = now();
    const tick = tickAt(time);
    if (timer === undefined) done = tick;
    entry.wheelTick = Math.max(Math.max(tick, done) + 1, Math.ceil((time + delayMs) / tickMs));
    link(entry, Math.min(entry.wheelTick, done + SLOTS - 1));
    if (timer === undefined || entry.wheelTick < wakesAt) sleep();
  }

  function link(entry: WheelEntry, tick: number): void {
    const slot = slots[tick % SLOTS] as Slot;
    entry.wheelNext = slot as WheelEntry;
    entry.wheelPrevious = slot.wheelPrevious;
    slot.wheelPrevious.wheelNext = entry;
    slot.wheelPrevious = entry;
    waiting += 1;
  }

  /** Until the next slot with an entry in it. */
  function sleep(): void {
    clearTimeout(timer);
    wakesAt = done + 1;
    while (wakesAt < done + SLEEP_TICKS && isEmpty(slots[wakesAt % SLOTS] as Slot)) wakesAt += 1;
    timer = setTimeout(onTimer, Math.ceil(wakesAt * tickMs - now()));
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
    // It may have been stopped before it got its turn.
    if (timer === undefined) return;
    const time = now();
    const target = tickAt(time);
    // After a standstill longer than a round every slot is due once.
    done = Math.max(done, target - SLOTS);
    while (done < target) {
      done += 1;
      empty(slots[done % SLOTS] as Slot, time);
    }
    if (waiting === 0) stop();
    else sleep();
  }

  /** An entry that schedules itself anew goes to a slot after `done`, since a delay is at least one tick: the loop ends. */
  function empty(slot: Slot, time: number): void {
    for (let entry = slot.wheelNext; entry !== slot; entry = slot.wheelNext) {
      unlink(entry);
      if (entry.wheelTick > tickAt(time)) link(entry, Math.min(entry.wheelTick, done + SLOTS - 1));
      else entry.onWheel(time);
    }
  }

  return { schedule, cancel: unlink, stop };
}

/** A wish to be called once, for what has no object of its own to wait with. */
export function createDeadline(act: () => void): WheelEntry {
  return { wheelNext: null, wheelPrevious: null, wheelTick: 0, onWheel: act };
}

function isEmpty(slot: Slot): boolean {
  return slot.wheelNext === slot;
}

/** The ring's own node; it is linked like an entry and never looked at. */
function createSlot(): Slot {
  const slot = { onWheel: () => undefined } as unknown as Slot & WheelEntry;
  slot.wheelNext = slot;
  slot.wheelPrevious = slot;
  return slot;
}
