import type { Timeline, TimelineSnapshot } from '@everywire/chat-client';
import { type TimelineLine, timelineLines } from './timeline-lines.js';
import type { TerminalWords } from './words.js';

/**
 * The line at the bottom of the pane, as an offset from the first line of a row, so that it stays in place when lines
 * are added above or below.
 */
interface Place {
  readonly row: string;
  readonly line: number;
}

/** An open conversation with its scroll position. */
export class TimelinePane {
  readonly timeline: Timeline;
  readonly #words: TerminalWords;
  readonly #unsubscribe: () => void;
  /** The scroll position; `null` at the end, where new messages are marked as read. */
  #place: Place | null = null;
  #lines: readonly TimelineLine[] = [];
  #drawn: { readonly snapshot: TimelineSnapshot; readonly width: number } | null = null;
  #height = 1;

  constructor(timeline: Timeline, words: TerminalWords, changed: () => void) {
    this.timeline = timeline;
    this.#words = words;
    this.#unsubscribe = timeline.subscribe(changed);
  }

  get atEnd(): boolean {
    return this.#place === null;
  }

  /** Returns exactly `height` lines, empty ones first. */
  render(width: number, height: number): readonly string[] {
    const snapshot = this.timeline.getSnapshot();
    if (this.#drawn?.snapshot !== snapshot || this.#drawn.width !== width) {
      this.#lines = timelineLines(snapshot, width, this.#words);
      this.#drawn = { snapshot, width };
    }
    this.#height = height;
    const foot = this.#foot();
    const shown = this.#lines.slice(Math.max(0, foot - height), foot);
    this.#onShown(shown, snapshot, foot - height <= 0);
    return [...Array<string>(height - shown.length).fill(''), ...shown.map(({ text }) => text)];
  }

  scroll(pages: number): void {
    const step = Math.max(1, Math.floor(this.#height * Math.abs(pages)));
    const foot = this.#foot() + (pages < 0 ? -step : step);
    if (foot >= this.#lines.length) this.#place = null;
    else this.#place = this.#placeOf(Math.max(Math.min(this.#height, this.#lines.length), foot));
  }

  toEnd(): void {
    this.#place = null;
  }

  close(): void {
    this.#unsubscribe();
    this.timeline.close();
  }

  /** Returns the number of lines down to the bottom of the pane. */
  #foot(): number {
    const place = this.#place;
    if (place === null) return this.#lines.length;
    const first = this.#lines.findIndex(({ row }) => row === place.row);
    return first < 0 ? this.#lines.length : Math.min(this.#lines.length, first + place.line + 1);
  }

  #placeOf(foot: number): Place | null {
    // A line without a row cannot be found again.
    let at = foot - 1;
    while (at > 0 && this.#lines[at]?.row === '') at--;
    const row = this.#lines[at]?.row ?? '';
    if (row === '') return null;
    return { row, line: foot - 1 - this.#lines.findIndex((line) => line.row === row) };
  }

  #onShown(shown: readonly TimelineLine[], { atStart, loading }: TimelineSnapshot, top: boolean): void {
    const gaps = new Set(shown.filter(({ gap }) => gap).map(({ row }) => row));
    for (const gap of gaps) this.timeline.fillGap(gap);
    if (top && !atStart && !loading) this.timeline.loadOlder();
    if (this.#place === null) this.timeline.markRead();
  }
}
