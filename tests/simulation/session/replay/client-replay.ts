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

/** A transport in a recording. */
type RecordedTransport = readonly [name: string, kind: Transport['kind'], blind?: true];

/** Replays the recording of a client: feeds the recorded inputs to a new client, and records what the new one does. */
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

  /** Replays everything, and returns the recording of the new client. */
  run(): ClientRecording {
    this.#script.run();
    return this.#recorder.recording;
  }

  /** Performs one recorded input. */
  #feed(entry: RecordedEntry): void {
    const [first, second] = entry.with ?? [];
    if (entry.in === 'create') this.#create();
    else if (entry.in === 'adopt') this.#adopt(first as number);
    else if (entry.in === 'allow') this.#whole.manager.requests.allow();
    else if (entry.in === 'assume')
      this.#whole.manager.requests.size.assume((first as number | null) ?? undefined, second as number);
    else if (entry.link !== undefined) this.#feedLink(entry, this.#links.get(entry.link) as ClientLinkView);
    else this.#feedSession(entry);
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

  /** The client after its second stage has taken over. */
  get #whole(): ClientSession {
    return this.#session as ClientSession;
  }

  /** Performs an input to the session itself. */
  #feedSession({ in: name, with: parameters = [] }: RecordedEntry): void {
    const session = this.#whole;
    const [first, second] = parameters;
    if (name === 'send') session.send(blank(first as RecordedMessage));
    else if (name === 'consumed') session.consumed(this.#queue.shift() ?? blank(first as RecordedMessage));
    else if (name === 'race' || name === 'switchTo') session[name](this.#transportOf(first), second as number);
    else (session[name as 'close'] as (...all: unknown[]) => void)(...parameters);
  }

  /** Performs an input on a link. */
  #feedLink({ in: name, with: parameters = [] }: RecordedEntry, link: ClientLinkView): void {
    const session = this.#whole;
    const [first, second, third] = parameters as [never, never, never];
    if (name === 'linkOpened') session.linkOpened(link, first, second);
    else if (name === 'linkEnded') session.linkEnded(link, first, second, third);
    else if (name === 'message') session.message(link, blank(first), second);
    else session.record(link, this.#recordOf(first), second);
  }

  #recordOf(recorded: unknown): never {
    // A typed message was recorded as an array.
    return Array.isArray(recorded) ? (arrayOf(recorded) as never) : recordOf(recorded, this.#recording.differed);
  }

  #transportOf(recorded: unknown): Transport {
    const [name, kind, blind] = recorded as RecordedTransport;
    const transport = this.#transports.get(name) ?? { name, kind };
    this.#transports.set(name, transport);
    return Object.assign(transport, blind && { blind });
  }

  /** Lets comparisons of checksums return what was recorded, because the messages are blank. */
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

/** Returns an array that the client reads as a typed message of the recorded length, or as an invalid one. */
function arrayOf([, byteLength]: readonly unknown[]): readonly unknown[] {
  const length = byteLength as number | undefined;
  if (length === undefined) return [];
  const least = '["x",""]'.length;
  return length < least ? ['x', 1] : ['x', 'a'.repeat(length - least)];
}
