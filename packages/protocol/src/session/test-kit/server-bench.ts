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

/**
 * The server's end of one carrier (a link, or one body on it). Collects the server's output: records as they are, and
 * messages as their texts.
 */
export class RecordedLink implements ServerLinkIo {
  written: (ServerRecord | string)[] = [];
  /** Why the server ended the link; `null` while it has not. */
  ending: LinkEnd | null = null;
  link!: ServerLink;
  /** The fields that an answer to the last request must repeat. `written` omits the fields that are correct. */
  expectedEcho: EchoFields = {};

  writeRecord(record: ServerRecord): void {
    this.written.push(withoutEcho(record, this.expectedEcho));
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

/** Fields of a request that its answer repeats, so that the client detects a mixed-up answer (SN-41). */
interface EchoFields {
  readonly n?: number;
  readonly instance?: number;
  readonly nonce?: string;
  readonly version?: number;
}

/** The fields that each type of answer must repeat. */
const echoOf: Readonly<Record<string, readonly (keyof EchoFields)[]>> = {
  opened: ['nonce', 'version'],
  attached: ['n', 'instance'],
  answer: ['n', 'instance'],
  superseded: ['instance'],
  closed: ['instance'],
  refused: ['instance'],
  rotate: ['instance'],
};

/** Removes the echo fields of a record that are correct. Wrong or missing ones remain visible, so that a test fails. */
function withoutEcho(record: ServerRecord, expectedEcho: EchoFields): ServerRecord {
  const visible: Record<string, unknown> = { ...record };
  for (const field of echoOf[record.t] ?? []) {
    // A client that sent no instance is addressed by its nonce.
    const name = field === 'instance' && expectedEcho.instance === undefined ? 'nonce' : field;
    if (visible[name] === expectedEcho[name]) delete visible[name];
    else visible[name] = `${String(visible[name])}, expected ${String(expectedEcho[name])}`;
  }
  return visible as unknown as ServerRecord;
}

/**
 * One server node (`SessionRegistry`) with a manual clock, without a network. A test plays the clients: it opens
 * sessions, attaches links and sends records, bodies and messages. The output of each input is flushed immediately, as
 * at the end of a tick.
 */
export class ServerBench {
  /** The time in milliseconds. */
  now = 0;
  readonly registry: SessionRegistry;
  /** The texts of all messages delivered to the application. */
  readonly delivered: string[] = [];
  /** Other calls of the session to the application, such as `confirmed`; a verdict is its end. */
  readonly events: (string | Verdict)[] = [];
  /** Delivered messages that the application has not handled yet. `settle` handles them. */
  readonly queue: Message[] = [];
  /** Called at each delivery, as the handler of the application. */
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

  /** Creates a link that is not attached to a session yet. */
  link(kind: LinkKind = 'duplex'): RecordedLink {
    const io = new RecordedLink();
    io.link = this.registry.link(kind, kind, io);
    return io;
  }

  /**
   * Opens a session, by default with a POST.
   *
   * @param nonce identifies the client's attempt: an `open` with the same nonce returns the same session
   * @param early texts of messages that the `open` carries
   * @param instance with it, the `open` also attaches its link (SN-40)
   */
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
    io.expectedEcho = { nonce, ...(version && { version }), ...(instance !== undefined && { n: 1, instance }) };
    this.registry.open(io.link, record, messages(early), (session) => this.#application(session), this.now);
    this.flush();
    return io;
  }

  /** Sends a record as the client, and the messages of the same body. */
  record(io: RecordedLink, record: ClientRecord, texts: readonly string[] = []): void {
    if (record.t === 'attach' || record.t === 'body') io.expectedEcho = { n: record.n, instance: record.instance };
    else if (record.t === 'fail') io.expectedEcho = {};
    io.link.record(record, messages(texts), this.now);
    this.flush();
  }

  /** Attaches a link, by default a new two-way one. From then on the server writes its messages to this link. */
  attach(
    n = 1,
    record: Partial<AttachRecord> = {},
    io: RecordedLink = this.link(),
    texts: readonly string[] = [],
  ): RecordedLink {
    this.record(io, attach(n, record), texts);
    return io;
  }

  /** Sends a body (a POST with messages) as the client. `first` is the number of its first message. */
  body(first: number, texts: readonly string[], record: Partial<BodyRecord> = {}): RecordedLink {
    const io = this.link('post');
    this.record(
      io,
      { t: 'body', id: 'id 1', n: 1, instance: 1, first, count: texts.length, ...counts(), ...record },
      texts,
    );
    return io;
  }

  /** Sends a message as the client, on an attached two-way link. */
  message(io: RecordedLink, text: string): void {
    io.link.message(messageFromText(text), this.now);
    this.flush();
  }

  /** Sends messages of the server's application, all in one tick. */
  send(...texts: string[]): void {
    for (const text of texts) this.session.send(messageFromText(text));
    this.flush();
  }

  /** Lets the application finish the handling of the first messages of the queue, by default of all. */
  settle(count: number = this.queue.length): void {
    for (const message of this.queue.splice(0, count)) this.session.consumed(message);
    this.flush();
  }

  /** Restores a session that another node has frozen. Returns `null` if the registry refuses the snapshot. */
  restore(snapshot: SessionSnapshot): ServerSession | null {
    const session = this.registry.restore(snapshot, (restored) => this.#application(restored), this.now);
    this.flush();
    return session;
  }

  /** Advances the time and calls the session's timer whenever it is due. */
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

/** Creates the counts of a carrier (what one end states about both directions): all 0 except for the given ones. */
export function counts(some: Partial<Counts> = {}): Counts {
  return { ack: 0, received: 0, seen: 0, sent: 0, sum: 0, ...some };
}

/** Creates the record by which client instance 1 attaches a link with number `n`. */
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
