import type { ServerResponse } from 'node:http';
import type { TickWheel, WheelEntry } from '../tick-wheel.js';

/** One answer whose lines are written each at its time, so that whoever reads them sees what the way between does to them. */
export class TimedStream implements WheelEntry {
  wheelNext: WheelEntry | null = null;
  wheelPrevious: WheelEntry | null = null;
  wheelTick = 0;
  readonly #response: ServerResponse;
  readonly #wheel: TickWheel;
  readonly #pieces: readonly (readonly [ms: number, bytes: number])[];
  readonly #begun: number;
  #next = 0;

  /** The head of the answer has been written. @param now the time of it */
  constructor(
    response: ServerResponse,
    pieces: readonly (readonly [ms: number, bytes: number])[],
    wheel: TickWheel,
    now: number,
  ) {
    this.#response = response;
    this.#pieces = pieces;
    this.#wheel = wheel;
    this.#begun = now;
    response.on('close', () => wheel.cancel(this));
    this.onWheel(now);
  }

  onWheel(now: number): void {
    const at = now - this.#begun;
    let due = this.#pieces[this.#next];
    for (; due !== undefined && due[0] <= at; due = this.#pieces[this.#next])
      this.#response.write(lineOf(this.#next++, at, due[1]));
    if (due === undefined) this.#response.end();
    else this.#wheel.schedule(this, due[0] - at);
  }

  /** Ends it before its time. */
  cut(): void {
    this.#response.end();
  }
}

/** It says when it was written, not when it should have been: a server that is late must not look like a network that is. */
function lineOf(n: number, at: number, bytes: number): string {
  const line = `{"t":"piece","n":${n},"at":${at},"pad":""}\n`;
  const pad = ' '.repeat(Math.max(0, bytes - line.length));
  return `${line.slice(0, -'"}\n'.length)}${pad}"}\n`;
}
