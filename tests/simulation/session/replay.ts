import type { RecordedEntry, RecordedMessage, Recording } from '@everywire/protocol';
import {
  InvariantError,
  type LinkKind,
  Message,
  MessageSheet,
  ServerLink,
  ServerRecorder,
  ServerSession,
  type ServerSessionIo,
  Tape,
} from '@everywire/protocol/internal';

/** `as` of a part of a typed message (SN-45). */
const PART_OF_TYPED = 2;

class BlankTyped extends Message {
  override readonly typed = true as const;
}

/** A message of that length and kind, whose checksum is nought whatever stands in it. */
function blank([kind, byteLength, key]: RecordedMessage, memory = new Uint8Array(byteLength), from = 0): Message {
  const Kind = kind === 'y' ? BlankTyped : Message;
  const message = new Kind(kind === 'b', memory, 0, undefined, from, byteLength);
  message.knownHash = 0;
  if (key !== undefined) message.key = String(key);
  return message;
}

/**
 * Feeds the inputs of a recording, as far as it is whole, to a new machine, with messages of equal length and at the recorded
 * times.
 *
 * @returns what that machine lived through
 */
export function replay(recording: Recording): Recording {
  return new Replay(recording).run();
}

/** @returns where a replay first did something else, for people; `null` where it did not */
export function differenceOf(recording: Recording, replayed: Recording): string | null {
  const { length } = recording.entries;
  for (let index = 0; index < length; index += 1) {
    const [was, is] = [recording.entries[index], replayed.entries[index]].map((entry) => JSON.stringify(entry));
    if (was !== is) return `entry ${index}: ${was} was recorded, and replayed ${is}`;
  }
  return replayed.entries.length > length && recording.dropped === 0 && recording.latest.length === 0
    ? `replayed too: ${JSON.stringify(replayed.entries[length])}`
    : null;
}

class Replay {
  readonly #recording: Recording;
  readonly #session: ServerSession;
  readonly #recorder: ServerRecorder;
  readonly #links = new Map<number, ServerLink>();
  /** Delivered and not settled. */
  readonly #queue: Message[] = [];
  /** The entry to come, and how many inputs are under way. */
  #at = 0;
  #depth = 0;
  #now: number;

  constructor(recording: Recording) {
    this.#recording = recording;
    this.#now = recording.bornAt;
    const io = this.#io();
    this.#session = new ServerSession(this.#home(), recording.id, recording.nonce, () => io);
    const tape = new Tape({ wholeBytes: Number.POSITIVE_INFINITY, latestBytes: 0 });
    this.#recorder = new ServerRecorder(this.#session, io, this.#home(), tape);
    this.#blankParts();
  }

  /** What is put together of parts is blank as well. */
  #blankParts(): void {
    const { incoming } = this.#session.ledger;
    const takePart = incoming.takePart.bind(incoming);
    incoming.takePart = (part) => {
      const isTyped = part.as === PART_OF_TYPED;
      // Without its contents it would be none.
      const taking = takePart(isTyped ? { ...part, as: 0 } : part);
      if (!(taking instanceof Message)) return taking;
      const kind = isTyped ? 'y' : taking.binary ? 'b' : 't';
      return blank([kind, taking.byteLength]);
    };
  }

  run(): Recording {
    const { entries } = this.#recording;
    while (this.#at < entries.length) {
      const entry = entries[this.#at] as RecordedEntry;
      // Where it did less than was recorded, that is what the comparison says; it goes on with the next input.
      if (entry.in === undefined || entry.depth !== undefined) this.#at += 1;
      else this.#perform(entry);
    }
    return this.#recorder.recording;
  }

  #perform(entry: RecordedEntry): void {
    this.#at += 1;
    this.#depth += 1;
    this.#now = entry.at as number;
    try {
      this.#tell(entry);
    } catch (error) {
      // What the registry does of it then was recorded as an input.
      if (!(error instanceof InvariantError)) throw error;
    } finally {
      this.#depth -= 1;
    }
  }

  #tell(entry: RecordedEntry): void {
    const session = this.#session;
    const given = (entry.with ?? []) as never[];
    const [first, second, third] = given as unknown[];
    switch (entry.in) {
      case 'send':
        session.send(blank(first as RecordedMessage));
        return;
      case 'sendRun':
        this.#sendRun(first as readonly RecordedMessage[], second as number | null);
        return;
      case 'consumed':
        session.consumed(this.#queue.shift() ?? blank(first as RecordedMessage));
        return;
      case 'early':
        session.early(first as number, blanks(second), third as number);
        return;
      case 'renew':
        session.renew(Number(first), second as number);
        return;
      case 'flush':
        if (second && session.links.down) session.links.down.prompt = true;
        session.flush(first as number);
        return;
      case 'freeze':
        session.freeze({ forward: () => undefined, settled: () => undefined }, first as number);
        return;
      default:
        if (entry.link === undefined) (session[entry.in as 'close'] as (...all: never[]) => void)(...given);
        else this.#tellOfLink(entry, this.#linkOf(entry));
    }
  }

  /** What the link does before it tells its session is done here. */
  #tellOfLink({ in: name, with: given = [] }: RecordedEntry, link: ServerLink): void {
    const session = this.#session;
    const [first, second, third] = given;
    const now = given.at(-1) as number;
    if (name === 'attachFirst') {
      session.attachFirst(link, first as number);
      return;
    }
    if (name === 'linkEnded') link.open = false;
    else link.heardAt = now;
    if (name === 'linkEnded') session.linkEnded(link, now);
    else if (name === 'linkMessage') session.linkMessage(link, blank(first as RecordedMessage), now);
    else if (name === 'linkRecord') session.linkRecord(link, this.#recordOf(first), second as number);
    else session.carrier(link, this.#recordOf(first), blanks(second), third as number);
  }

  /** What the other end stated of the checksum of all it sent is true, unless it was found not to be. */
  #recordOf(given: unknown): never {
    const record = given as { readonly lastSum?: number; readonly part?: readonly [length: number, padding: number] };
    const { lastSum, part } = record;
    return {
      ...record,
      ...(lastSum !== undefined && { lastSum: Number(this.#recording.differed) }),
      ...(part && { part: 'A'.repeat(part[0] - part[1]) + '='.repeat(part[1]) }),
    } as never;
  }

  #sendRun(messages: readonly RecordedMessage[], endsAt: number | null): void {
    const memory = new Uint8Array(messages.reduce((sum, [, byteLength]) => sum + byteLength, 0));
    let sheet: MessageSheet | null = null;
    let from = 0;
    for (const message of messages) {
      const next = blank(message, memory, from);
      from += next.byteLength;
      if (sheet === null) sheet = new MessageSheet(next);
      else sheet.add(next);
    }
    if (sheet !== null) this.#session.sendRun(sheet, 0, sheet.length, endsAt);
  }

  #linkOf({ link: number, kind, transport }: RecordedEntry): ServerLink {
    const known = this.#links.get(number as number);
    if (known) return known;
    const link = new ServerLink(
      { find: () => this.#session, isFormer: () => false },
      kind as LinkKind,
      transport as string,
      {
        writeRecord: () => this.#passed(),
        writeMessages: () => this.#passed(),
        end: () => this.#passed(),
      },
    );
    this.#links.set(number as number, link);
    return link;
  }

  /** The machine made its call; what the application did in it follows. */
  #passed(): void {
    if (this.#depth === 0) return;
    this.#at += 1;
    for (let entry = this.#inner; entry !== null; entry = this.#inner) this.#perform(entry);
  }

  /** The registry was asked, and something came of it for this session. */
  #asked(): void {
    while (this.#recording.entries[this.#at]?.out === 'asked') {
      this.#at += 1;
      const entry = this.#inner;
      if (entry !== null) this.#perform(entry);
    }
  }

  get #inner(): RecordedEntry | null {
    const entry = this.#recording.entries[this.#at];
    return entry?.in !== undefined && entry.depth === this.#depth ? entry : null;
  }

  #io(): ServerSessionIo {
    const passed = (): void => this.#passed();
    return {
      ...{ begun: passed, confirmed: passed, token: passed, ended: passed, drain: passed, changed: passed },
      ...{ tried: passed, renumbered: passed },
      counted: () => this.#asked(),
      deliver: (message) => {
        this.#queue.push(message);
        this.#passed();
      },
      recall: () => {
        const [count = 0] = (this.#recording.entries[this.#at]?.with ?? []) as readonly number[];
        this.#at += 1;
        return this.#queue.splice(this.#queue.length - count);
      },
    };
  }

  #home(): ConstructorParameters<typeof ServerSession>[0] {
    const { limits, buffers, times, earlyAtOnce } = this.#recording;
    const now = (): number => this.#now;
    const setNow = (at: number): void => {
      this.#now = at;
    };
    return {
      ...{ limits, buffers, times, earlyAtOnce },
      get now() {
        return now();
      },
      set now(at: number) {
        setNow(at);
      },
      touch: (session) => {
        // The flush was recorded too.
        session.touched = true;
      },
      catchUp: () => this.#asked(),
      sooner: () => undefined,
      broke: () => this.#asked(),
      buried: () => undefined,
      rotated: () => this.#asked(),
      moved: () => undefined,
      idOf: (key) => key,
      formerId: () => null,
    };
  }
}

function blanks(given: unknown): readonly Message[] {
  return (given as readonly RecordedMessage[]).map((message) => blank(message));
}
