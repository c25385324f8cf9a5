import type { ClientRecording, RecordedEntry, RecordedMessage } from '@everywire/protocol';
import {
  type ClientIo,
  type ClientLinkView,
  ClientRecorder,
  ClientSession,
  ClientStart,
  type Message,
  RecordingBuffer,
  type Transport,
} from '@everywire/protocol/internal';
import { blank, recordOf } from './blank.js';
import { Script } from './script.js';

type RecordedTransport = readonly [name: string, kind: Transport['kind'], blind?: true];

/** Replays the client's end, both of its stages. */
export class ClientReplay {
  readonly #recording: ClientRecording;
  readonly #recorder: ClientRecorder;
  readonly #script: Script;
  readonly #io: ClientIo;
  #session!: ClientStart | ClientSession;
  readonly #links = new Map<number, ClientLinkView>();
  readonly #transports = new Map<string, Transport>();
  readonly #queue: Message[] = [];

  constructor(recording: ClientRecording) {
    this.#recording = recording;
    const { buffers, bornAt, entries } = recording;
    this.#script = new Script(entries, bornAt, (entry) => this.#feed(entry));
    const recordingBuffer = new RecordingBuffer({ wholeBytes: Number.POSITIVE_INFINITY, latestBytes: 0 });
    this.#recorder = new ClientRecorder(() => this.#script.now, buffers, recordingBuffer);
    this.#io = this.#createIo();
  }

  run(): ClientRecording {
    this.#script.run();
    return this.#recorder.recording;
  }

  #feed(entry: RecordedEntry): void {
    const [first, second] = entry.with ?? [];
    if (entry.in === 'create') this.#create();
    else if (entry.in === 'adopt') this.#adopt(first as number);
    else if (entry.in === 'allow') this.#whole.manager.requests.allow();
    else if (entry.in === 'assume')
      this.#whole.manager.requests.size.assume((first as number | null) ?? undefined, second as number);
    else if (entry.link !== undefined) this.#tellOfLink(entry, this.#links.get(entry.link) as ClientLinkView);
    else this.#tellOfSession(entry);
  }

  #create(): void {
    const { instance, buffers } = this.#recording;
    this.#session = this.#recorder.start(this.#io, () => {
      const start = new ClientStart(this.#io, { instance, buffers });
      this.#session = start;
      this.#blankSessionState();
      return start;
    });
  }

  #adopt(now: number): void {
    this.#session = ClientSession.adopt(this.#session as ClientStart, this.#io, now);
    this.#recorder.adopted(this.#session, this.#io);
  }

  get #whole(): ClientSession {
    return this.#session as ClientSession;
  }

  #tellOfSession({ in: name, with: given = [] }: RecordedEntry): void {
    const session = this.#whole;
    const [first, second] = given;
    if (name === 'send') session.send(blank(first as RecordedMessage));
    else if (name === 'consumed') session.consumed(this.#queue.shift() ?? blank(first as RecordedMessage));
    else if (name === 'race' || name === 'switchTo') session[name](this.#transportOf(first), second as number);
    else (session[name as 'close'] as (...all: unknown[]) => void)(...given);
  }

  #tellOfLink({ in: name, with: given = [] }: RecordedEntry, link: ClientLinkView): void {
    const session = this.#whole;
    const [first, second, third] = given as [never, never, never];
    if (name === 'linkOpened') session.linkOpened(link, first, second);
    else if (name === 'linkEnded') session.linkEnded(link, first, second, third);
    else if (name === 'message') session.message(link, blank(first), second);
    else session.record(link, this.#recordOf(first), second);
  }

  #recordOf(given: unknown): never {
    // A typed message was recorded as an array.
    return Array.isArray(given) ? (arrayOf(given) as never) : recordOf(given, this.#recording.differed);
  }

  #transportOf(given: unknown): Transport {
    const [name, kind, blind] = given as RecordedTransport;
    const transport = this.#transports.get(name) ?? { name, kind };
    this.#transports.set(name, transport);
    return Object.assign(transport, blind && { blind });
  }

  /** Messages are blank, so checksum comparisons return what was recorded. */
  #blankSessionState(): void {
    const { flow } = this.#session;
    const [take, learn, closed] = [flow.take.bind(flow), flow.learn.bind(flow), flow.closed.bind(flow)];
    flow.take = (cursor, message) => {
      message.knownHash = 0;
      return take(cursor, message);
    };
    flow.learn = (counts) => (this.#script.took('lost') ? 'lost' : learn(counts));
    flow.closed = (ack) => (this.#script.took('lost') ? 'lost' : closed(ack));
  }

  #createIo(): ClientIo {
    const script = this.#script;
    const passed = (): void => script.passed();
    return {
      writeRecord: passed,
      writeMessages: passed,
      end: passed,
      ended: passed,
      drain: passed,
      changed: passed,
      schedule: passed,
      proven: passed,
      failed: passed,
      timer: passed,
      reset: passed,
      renew: passed,
      counted: passed,
      connect: (link) => {
        this.#links.set(this.#links.size + 1, link);
        passed();
      },
      deliver: (message) => {
        this.#queue.push(message);
        passed();
      },
      choose: () => this.#transportOf(script.answered('choose') ?? ['none', 'duplex']),
      nonce: () => (script.answered('nonce') ?? '') as string,
      token: () => script.answered('token') as string | undefined,
      everyMs: () => (script.answered('everyMs') ?? 0) as number,
      tried: () => {
        const tried = script.answered('tried') as string | undefined;
        return tried === undefined ? undefined : { tried };
      },
      random: () => (script.answered('random') ?? 0) as number,
    };
  }
}

/** Returns an array that is read as a typed message of that length, or as none. */
function arrayOf([, byteLength]: readonly unknown[]): readonly unknown[] {
  const length = byteLength as number | undefined;
  if (length === undefined) return [];
  const least = '["x",""]'.length;
  return length < least ? ['x', 1] : ['x', 'a'.repeat(length - least)];
}
