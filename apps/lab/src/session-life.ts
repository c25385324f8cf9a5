import type { ClientRecording, RecordedEntry } from '@everywire/client/recorder';
import type { ServerRecording } from '@everywire/server';

export type Recording = ClientRecording | ServerRecording;

/** From one time to another, in milliseconds of the end's clock since its session began. */
export interface Span {
  readonly from: number;
  /** `null` where it still lasted when the end was asked. */
  readonly to: number | null;
}

/** A link, for as long as the end knew it. */
interface LinkSpan extends Span {
  readonly link: number;
  /** Its transport; `post` of a request that brings messages up; empty where its beginning fell into the gap. */
  readonly name: string;
  /** The first row with room for it. Requests that bring messages up have rows of their own, after all others. */
  readonly row: number;
}

interface CarrierSpan extends Span {
  readonly name: string;
}

/** What one end of a session lived through, as it is drawn. */
export interface SessionLife {
  /** The last that is known. */
  readonly until: number;
  /** What carried the session, one after the other. */
  readonly carriers: readonly CarrierSpan[];
  readonly links: readonly LinkSpan[];
  readonly rows: number;
  readonly marks: Readonly<Record<MarkKind, readonly number[]>>;
  /** Where entries had no room, and how many. */
  readonly gap: { readonly from: number; readonly to: number; readonly entries: number } | null;
  /** The verdict's code. */
  readonly ended: string | null;
  /** Every entry in one line. */
  readonly lines: readonly LifeLine[];
}

export interface LifeLine {
  readonly at: number;
  readonly text: string;
}

export const markKinds = ['sent', 'received', 'acknowledged', 'timers'] as const;
type MarkKind = (typeof markKinds)[number];

/** Between two polls nothing carries a server's session for a moment, which is no change. */
const PAUSE_MS = 100;

/** Where an input says the time itself: by these a server's clock goes on, and `at` is what it was before. */
const timeIndex: Readonly<Record<string, number>> = {
  ...{ carrier: 2, linkRecord: 1, linkMessage: 1, linkEnded: 0, flush: 0, tick: 0, renew: 1 },
};

interface Drawn {
  readonly link: number;
  readonly name: string;
  readonly from: number;
  lastAt: number;
  isOpen: boolean;
}

export function lifeOf(recording: Recording): SessionLife {
  const reader = new LifeReader(recording);
  for (const entry of recording.entries) reader.read(entry);
  if (recording.dropped > 0) reader.skip(recording.dropped);
  for (const entry of recording.latest) reader.read(entry);
  return reader.life();
}

/** Reads one entry after the other. */
class LifeReader {
  readonly #recording: Recording;
  readonly #links: Map<number, Drawn> = new Map();
  readonly #carriers: (CarrierSpan & { to: number | null })[] = [];
  readonly #marks: Record<MarkKind, number[]> = { sent: [], received: [], acknowledged: [], timers: [] };
  readonly #lines: LifeLine[] = [];
  #at = 0;
  #gap: { readonly from: number; readonly entries: number; to: number | null } | null = null;
  #ended: string | null = null;

  constructor(recording: Recording) {
    this.#recording = recording;
  }

  skip(entries: number): void {
    this.#gap = { from: this.#at, entries, to: null };
  }

  /** What an input brought about happened when it came. */
  read(entry: RecordedEntry): void {
    if (entry.in !== undefined) {
      this.#at = Math.max(this.#at, this.#timeOf(entry.in, entry) - this.#recording.bornAt);
      if (this.#gap) this.#gap.to ??= this.#at;
    }
    this.#lines.push({ at: this.#at, text: lineOf(entry) });
    this.#readLink(entry);
    this.#readCall(entry);
  }

  life(): SessionLife {
    const until = this.#at;
    const gap = this.#gap && { ...this.#gap, to: this.#gap.to ?? until };
    const spans = [...this.#links.values()].map(({ link, name, from, lastAt, isOpen }) => {
      // Of one that nobody speaks of after the gap nothing is known since.
      const lasts = isOpen && this.#ended === null && !(gap && lastAt <= gap.from);
      return { link, name, from, to: lasts ? null : lastAt };
    });
    const down = inRows(spans.filter(({ name }) => name !== 'post'));
    const up = inRows(spans.filter(({ name }) => name === 'post'));
    const rows = rowsOf(down);
    return {
      until,
      carriers: this.#carriers,
      links: [...down, ...up.map((span) => ({ ...span, row: span.row + rows }))],
      rows: rows + rowsOf(up),
      marks: this.#marks,
      gap,
      ended: this.#ended,
      lines: this.#lines,
    };
  }

  #timeOf(input: string, { at = 0, with: given = [] }: RecordedEntry): number {
    const told = this.#recording.end === 'server' ? given[timeIndex[input] ?? -1] : undefined;
    return typeof told === 'number' ? told : at;
  }

  #readLink({ in: input, out: output, link, kind, transport }: RecordedEntry): void {
    if (link === undefined) return;
    let drawn = this.#links.get(link);
    if (!drawn) {
      const name = kind === 'post' ? kind : (transport ?? '');
      drawn = { link, name, from: this.#at, lastAt: this.#at, isOpen: true };
      this.#links.set(link, drawn);
    }
    if (!drawn.isOpen) return;
    drawn.lastAt = this.#at;
    drawn.isOpen = input !== 'linkEnded' && output !== 'end';
  }

  #readCall({ in: input, out: output, with: given = [] }: RecordedEntry): void {
    const at = this.#at;
    const { sent, received, acknowledged, timers } = this.#marks;
    if (input === 'send') sent.push(at);
    else if (input === 'sendRun') for (const _ of given[0] as readonly unknown[]) sent.push(at);
    else if (input === 'tick') timers.push(at);
    else if (output === 'deliver') received.push(at);
    else if (output === 'changed') this.#carriedBy(given[0] as string | null);
    else if (output === 'ended') {
      this.#ended = (given[0] as { readonly code: string }).code;
      this.#carriedBy(null);
    }
    if (input !== undefined && given.some(acknowledges)) acknowledged.push(at);
  }

  #carriedBy(name: string | null): void {
    const last = this.#carriers.at(-1);
    if (last && last.to === null) {
      if (last.name === name) return;
      last.to = this.#at;
    }
    if (name === null) return;
    if (last?.name === name && last.to !== null && this.#at - last.to < PAUSE_MS) last.to = null;
    else this.#carriers.push({ name, from: this.#at, to: null });
  }
}

function acknowledges(given: unknown): boolean {
  return typeof given === 'object' && given !== null && 'ack' in given;
}

function inRows(spans: readonly Omit<LinkSpan, 'row'>[]): readonly LinkSpan[] {
  const endOfRow: number[] = [];
  return spans.map((span) => {
    const free = endOfRow.findIndex((to) => to <= span.from);
    const row = free < 0 ? endOfRow.length : free;
    endOfRow[row] = span.to ?? Number.POSITIVE_INFINITY;
    return { ...span, row };
  });
}

function rowsOf(links: readonly LinkSpan[]): number {
  return links.reduce((rows, { row }) => Math.max(rows, row + 1), 0);
}

function lineOf({ in: input, out: output, link, kind, transport, with: given = [] }: RecordedEntry): string {
  const name = input === undefined ? `→ ${output}` : `← ${input}`;
  const of = link === undefined ? '' : ` #${link}${kind === undefined ? '' : ` (${transport ?? kind})`}`;
  return `${name}${of} ${given.map((each) => JSON.stringify(each)).join(' ')}`.trimEnd();
}

/**
 * How much later the server's session began than the client's, on the client's clock. Between the client's asking and the answer
 * that the session is opened the server made it: the middle is off by half a round trip at most. 0 where no answer came.
 */
export function delayOfServer(client: Recording): number {
  let at = 0;
  const askedAt = new Map<number, number>();
  for (const { in: input, out: output, at: told, link = 0, with: given = [] } of client.entries) {
    if (input !== undefined) at = told ?? at;
    if (output === 'connect') askedAt.set(link, at);
    const [record] = given;
    const isOpened = input === 'record' && (record as { readonly t?: string } | null)?.t === 'opened';
    if (isOpened) return ((askedAt.get(link) ?? at) + at) / 2 - client.bornAt;
  }
  return 0;
}
