import type { ClientRecording, RecordedEntry } from '@everywire/client/recorder';
import type { ServerRecording } from '@everywire/server';

/** What one end of a session recorded: its inputs and their effects. */
export type EndRecording = ClientRecording | ServerRecording;

/** A time span in milliseconds since the start of the session, on the clock of the recording end (client or server). */
export interface Span {
  readonly from: number;
  /** `null` if the span had not ended at the time of the recording. */
  readonly to: number | null;
}

/** The time in which this end knew a link (one WebSocket, one stream, one poll, one POST). */
interface LinkSpan extends Span {
  readonly link: number;
  /** The transport of the link; `post` for an upstream request; empty if the start of the link was not recorded. */
  readonly name: string;
  /** The row in which the link is drawn: the first one that is free. Upstream requests have rows of their own, after all others. */
  readonly row: number;
}

/** The time in which one transport carried the session. */
interface CarrierSpan extends Span {
  readonly name: string;
}

/** The history of a session as recorded by one end, prepared for drawing. */
export interface SessionLife {
  /** The time of the last entry. */
  readonly until: number;
  /** The transports of the session, in order. */
  readonly carriers: readonly CarrierSpan[];
  readonly links: readonly LinkSpan[];
  readonly rows: number;
  readonly marks: Readonly<Record<MarkKind, readonly number[]>>;
  /** The time span whose entries were dropped because the recording was full, and their number. `null` if none were dropped. */
  readonly gap: { readonly from: number; readonly to: number; readonly entries: number } | null;
  /** The code that says how the session ended; `null` before the end. */
  readonly ended: string | null;
  /** One line for each entry. */
  readonly lines: readonly LifeLine[];
}

/** One recorded entry as text. `at` is in milliseconds since the start of the session. */
export interface LifeLine {
  readonly at: number;
  readonly text: string;
}

/** The events that are drawn as marks, each kind in a row of its own. */
export const markKinds = ['sent', 'received', 'acknowledged', 'timers'] as const;
type MarkKind = (typeof markKinds)[number];

/** Between two polls the server has no link for a moment. A shorter pause than this does not count as a change of transport. */
const PAUSE_MS = 100;

/**
 * The index of the time among the arguments of an input at a server. An input with a time advances the server's clock. The
 * field `at` of its entry is therefore the previous time, and the argument is the right one.
 */
const timeIndex: Readonly<Record<string, number>> = {
  carrier: 2,
  linkRecord: 1,
  linkMessage: 1,
  linkEnded: 0,
  flush: 0,
  tick: 0,
  renew: 1,
};

/** A link while its entries are read. */
interface Drawn {
  readonly link: number;
  readonly name: string;
  readonly from: number;
  lastAt: number;
  isOpen: boolean;
}

/** Returns the history of a session from its recording. */
export function lifeOf(recording: EndRecording): SessionLife {
  const reader = new LifeReader(recording);
  for (const entry of recording.entries) reader.read(entry);
  if (recording.dropped > 0) reader.skip(recording.dropped);
  for (const entry of recording.latest) reader.read(entry);
  return reader.life();
}

/** Builds the history from the entries, which it must read in order. */
class LifeReader {
  readonly #recording: EndRecording;
  readonly #links: Map<number, Drawn> = new Map();
  readonly #carriers: (CarrierSpan & { to: number | null })[] = [];
  readonly #marks: Record<MarkKind, number[]> = { sent: [], received: [], acknowledged: [], timers: [] };
  readonly #lines: LifeLine[] = [];
  #at = 0;
  #gap: { readonly from: number; readonly entries: number; to: number | null } | null = null;
  #ended: string | null = null;

  constructor(recording: EndRecording) {
    this.#recording = recording;
  }

  /** Notes that a number of entries is missing here. */
  skip(entries: number): void {
    this.#gap = { from: this.#at, entries, to: null };
  }

  /** Reads an entry: an input (with a time) or an effect of the last input (without one, so it gets the time of the input). */
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
      // A link without entries after the gap may have ended in it.
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
    const time = this.#recording.end === 'server' ? given[timeIndex[input] ?? -1] : undefined;
    return typeof time === 'number' ? time : at;
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

  /** Notes that the transport `name` carries the session from now on; `null` for none. */
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

/** Assigns each span the first row that is free at its start. */
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
 * Returns by how many milliseconds the server's session began later than the client's, on the client's clock. Returns 0 if
 * the server has not answered. The server opened the session between the client's request and the answer, so the middle of
 * both is taken, which is wrong by at most half a round trip.
 */
export function delayOfServer(client: EndRecording): number {
  let at = 0;
  const requestedAt = new Map<number, number>();
  for (const { in: input, out: output, at: time, link = 0, with: given = [] } of client.entries) {
    if (input !== undefined) at = time ?? at;
    if (output === 'connect') requestedAt.set(link, at);
    const [record] = given;
    const isOpened = input === 'record' && (record as { readonly t?: string } | null)?.t === 'opened';
    if (isOpened) return ((requestedAt.get(link) ?? at) + at) / 2 - client.bornAt;
  }
  return 0;
}
