import type { ServerResponse } from 'node:http';
import type { TimerEntry, TimerWheel } from '../timer-wheel.js';

/**
 * An answer whose lines are written at given times. The reader compares these with the times of arrival, and so detects
 * whether a proxy buffers the answer.
 */
export class TimedStream implements TimerEntry {
  wheelNext: TimerEntry | null = null;
  wheelPrevious: TimerEntry | null = null;
  wheelTick = 0;
  readonly #response: ServerResponse;
  readonly #wheel: TimerWheel;
  readonly #pieces: readonly (readonly [ms: number, bytes: number])[];
  readonly #begun: number;
  #next = 0;

  /** Starts the stream. The caller must have written the head. @param now the time of the head */
  constructor(
    response: ServerResponse,
    pieces: readonly (readonly [ms: number, bytes: number])[],
    wheel: TimerWheel,
    now: number,
  ) {
    this.#response = response;
    this.#pieces = pieces;
    this.#wheel = wheel;
    this.#begun = now;
    response.on('close', () => wheel.cancel(this));
    this.onTimer(now);
  }

  /** Writes the lines that are due. */
  onTimer(now: number): void {
    const at = now - this.#begun;
    let due = this.#pieces[this.#next];
    for (; due !== undefined && due[0] <= at; due = this.#pieces[this.#next])
      this.#response.write(lineOf(this.#next++, at, due[1]));
    if (due === undefined) this.#response.end();
    else this.#wheel.schedule(this, due[0] - at);
  }

  /** Ends the answer early. */
  cut(): void {
    this.#response.end();
  }
}

/**
 * Returns a line that contains the time at which it is actually written, not the scheduled time, so that a late server
 * does not look like a slow network.
 */
function lineOf(n: number, at: number, bytes: number): string {
  const line = `{"t":"piece","n":${n},"at":${at},"pad":""}\n`;
  const pad = ' '.repeat(Math.max(0, bytes - line.length));
  return `${line.slice(0, -'"}\n'.length)}${pad}"}\n`;
}
