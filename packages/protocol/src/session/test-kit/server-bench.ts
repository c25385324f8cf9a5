import { addToSum } from '../../checksum.js';
import type { Counts } from '../../counts.js';
import { type Message, messageFromText } from '../../message.js';
import type { AttachRecord, BodyRecord, ClientRecord, ServerRecord } from '../../record.js';
import { WIRE_VERSION } from '../../version.js';
import type { LinkEnd, LinkKind, MessageSource, ServerLinkIo, ServerSessionIo, Verdict } from '../contract.js';
import type { ServerLink } from '../server-link.js';
import type { ServerSession } from '../server-session.js';
import { type RegistryOptions, SessionRegistry } from '../session-registry.js';
import type { SessionSnapshot } from '../snapshot.js';

/** A carrier that records its output: records as they are, messages as their text. */
export class RecordedLink implements ServerLinkIo {
  written: (ServerRecord | string)[] = [];
  ending: LinkEnd | null = null;
  link!: ServerLink;
  /** The fields that an answer to the last request must echo. */
  asked: Asked = {};

  writeRecord(record: ServerRecord): void {
    this.written.push(withoutEcho(record, this.asked));
  }

  writeMessages(source: MessageSource, first: number, last: number): void {
    for (let number = first; number <= last; number += 1) this.written.push(source.messageAt(number).text);
  }

  end(reason: LinkEnd): void {
    this.ending = reason;
  }

  /** Returns the output since the last call. */
  take(): (ServerRecord | string)[] {
    const { written } = this;
    this.written = [];
    return written;
  }
}

interface Asked {
  readonly n?: number;
  readonly instance?: number;
  readonly nonce?: string;
  readonly version?: number;
}

/** The fields that each answer must echo. */
const echoOf: Readonly<Record<string, readonly (keyof Asked)[]>> = {
  opened: ['nonce', 'version'],
  attached: ['n', 'instance'],
  answer: ['n', 'instance'],
  superseded: ['instance'],
  closed: ['instance'],
  refused: ['instance'],
  rotate: ['instance'],
};

/** Returns a record without correct echoes. Wrong or missing ones remain visible. */
function withoutEcho(record: ServerRecord, asked: Asked): ServerRecord {
  const said: Record<string, unknown> = { ...record };
  for (const field of echoOf[record.t] ?? []) {
    // A client that sent no instance is addressed by its nonce.
    const name = field === 'instance' && asked.instance === undefined ? 'nonce' : field;
    if (said[name] === asked[name]) delete said[name];
    else said[name] = `${String(said[name])}, asked as ${String(asked[name])}`;
  }
  return said as unknown as ServerRecord;
}

/** One registry with a manual clock. Every input is flushed, as at the end of a tick. */
export class ServerBench {
  now = 0;
  readonly registry: SessionRegistry;
  readonly delivered: string[] = [];
  readonly events: (string | Verdict)[] = [];
  /** Delivered messages to be settled by `settle`. */
  readonly queue: Message[] = [];
  /** Called by the handler at each delivery. */
  onDelivered: ((session: ServerSession) => void) | undefined;
  #session: ServerSession | undefined;
  #ids = 0;

  constructor(options: RegistryOptions = {}) {
    this.registry = new SessionRegistry(
      {
        schedule: () => undefined,
        sooner: () => undefined,
        id: () => {
          this.#ids += 1;
          return `id ${this.#ids}`;
        },
      },
      options,
    );
  }

  /** The session created last. */
  get session(): ServerSession {
    if (!this.#session) throw new Error('no session');
    return this.#session;
  }

  link(kind: LinkKind = 'duplex'): RecordedLink {
    const io = new RecordedLink();
    io.link = this.registry.link(kind, kind, io);
    return io;
  }

  open(
    nonce = 'n',
    early: readonly string[] = [],
    io: RecordedLink = this.link('post'),
    instance?: number,
  ): RecordedLink {
    const record = {
      ...({ t: 'open', nonce, version: WIRE_VERSION } as const),
      ...(early.length && { first: 1, count: early.length }),
      ...(instance !== undefined && { instance }),
    };
    const version = io.link.kind === 'duplex' ? undefined : WIRE_VERSION;
    io.asked = { nonce, ...(version && { version }), ...(instance !== undefined && { n: 1, instance }) };
    this.registry.open(io.link, record, messages(early), (session) => this.#application(session), this.now);
    this.flush();
    return io;
  }

  record(io: RecordedLink, record: ClientRecord, texts: readonly string[] = []): void {
    if (record.t === 'attach' || record.t === 'body') io.asked = { n: record.n, instance: record.instance };
    else if (record.t === 'fail') io.asked = {};
    io.link.record(record, messages(texts), this.now);
    this.flush();
  }

  /** Attaches a link. */
  attach(
    n = 1,
    record: Partial<AttachRecord> = {},
    io: RecordedLink = this.link(),
    texts: readonly string[] = [],
  ): RecordedLink {
    this.record(io, attach(n, record), texts);
    return io;
  }

  body(first: number, texts: readonly string[], record: Partial<BodyRecord> = {}): RecordedLink {
    const io = this.link('post');
    this.record(
      io,
      { t: 'body', id: 'id 1', n: 1, instance: 1, first, count: texts.length, ...counts(), ...record },
      texts,
    );
    return io;
  }

  message(io: RecordedLink, text: string): void {
    io.link.message(messageFromText(text), this.now);
    this.flush();
  }

  send(...texts: string[]): void {
    for (const text of texts) this.session.send(messageFromText(text));
    this.flush();
  }

  settle(count: number = this.queue.length): void {
    for (const message of this.queue.splice(0, count)) this.session.consumed(message);
    this.flush();
  }

  /** Restores a session of another node. */
  restore(snapshot: SessionSnapshot): ServerSession | null {
    const session = this.registry.restore(snapshot, (restored) => this.#application(restored), this.now);
    this.flush();
    return session;
  }

  /** Advances the time and ticks whenever the session is due. */
  pass(milliseconds: number): void {
    const until = this.now + milliseconds;
    while (this.session.nextTickAt <= until) {
      this.now = Math.max(this.now, this.session.nextTickAt);
      this.session.tick(this.now);
      this.flush();
    }
    this.now = until;
    this.registry.tick(this.now);
  }

  flush(): void {
    this.registry.flush(this.now);
  }

  #application(session: ServerSession): ServerSessionIo {
    this.#session = session;
    return {
      begun: () => this.events.push('begun'),
      confirmed: () => this.events.push('confirmed'),
      deliver: (message) => {
        this.delivered.push(message.text);
        this.queue.push(message);
        this.onDelivered?.(session);
      },
      // The first message of the queue is being handled.
      recall: () => {
        const back = this.queue.splice(1);
        this.delivered.splice(this.delivered.length - back.length);
        return back;
      },
      token: (token) => this.events.push(`token ${token}`),
      ended: (verdict) => this.events.push(verdict),
      drain: () => this.events.push('drain'),
      changed: () => this.events.push(`transport ${session.transport}`),
    };
  }
}

/** Creates a counts block: all zero except for the given counts. */
export function counts(some: Partial<Counts> = {}): Counts {
  return { ack: 0, received: 0, seen: 0, sent: 0, sum: 0, ...some };
}

/** Creates an attach record. */
export function attach(n: number, record: Partial<AttachRecord> = {}): AttachRecord {
  return { t: 'attach', id: 'id 1', n, instance: 1, ...counts(), ...record };
}

function messages(texts: readonly string[]): readonly Message[] {
  return texts.map((text) => messageFromText(text));
}

/** Returns the running checksum of messages with these texts (SN-5). */
export function sumOf(...texts: string[]): number {
  let sum = 0;
  for (const message of messages(texts)) sum = addToSum(sum, message.hash);
  return sum >>> 0;
}
