import type { RecordedEntry, RecordedMessage, ServerRecording } from '@everywire/protocol';
import {
  type LinkKind,
  Message,
  MessageBatch,
  RecordingBuffer,
  ServerLink,
  ServerRecorder,
  ServerSession,
  type ServerSessionIo,
} from '@everywire/protocol/internal';
import { blank, blanks, recordOf } from './blank.js';
import { Script } from './script.js';

/** Value of `as` in a part of a typed message (SN-45). */
const PART_OF_TYPED = 2;

/** Replays the recording of a server session: feeds the recorded inputs to a new session, and records what that one does. */
export class ServerReplay {
  readonly #recording: ServerRecording;
  readonly #session: ServerSession;
  readonly #recorder: ServerRecorder;
  readonly #links = new Map<number, ServerLink>();
  /** Messages that were delivered and that the application has not processed. */
  readonly #queue: Message[] = [];
  readonly #script: Script;

  constructor(recording: ServerRecording) {
    this.#recording = recording;
    this.#script = new Script(recording.entries, recording.bornAt, (entry) => this.#feed(entry));
    const io = this.#io();
    this.#session = new ServerSession(this.#home(), recording.id, recording.nonce, () => io);
    const recordingBuffer = new RecordingBuffer({ wholeBytes: Number.POSITIVE_INFINITY, latestBytes: 0 });
    this.#recorder = new ServerRecorder(this.#session, io, this.#home(), recordingBuffer);
    this.#blankParts();
  }

  /** Makes the messages that are reassembled from parts blank too. */
  #blankParts(): void {
    const { incoming } = this.#session.flow;
    const takePart = incoming.takePart.bind(incoming);
    incoming.takePart = (part) => {
      const isTyped = part.as === PART_OF_TYPED;
      // A blank content is not a valid typed message, so the part is read as one of a text.
      const taking = takePart(isTyped ? { ...part, as: 0 } : part);
      if (!(taking instanceof Message)) return taking;
      const kind = isTyped ? 'y' : taking.binary ? 'b' : 't';
      return blank([kind, taking.byteLength]);
    };
  }

  /** Replays everything, and returns the recording of the new session. */
  run(): ServerRecording {
    this.#script.run();
    return this.#recorder.recording;
  }

  /** Performs one recorded input. */
  #feed(entry: RecordedEntry): void {
    const session = this.#session;
    const parameters = (entry.with ?? []) as never[];
    const [first, second, third] = parameters as unknown[];
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
        if (entry.link === undefined) (session[entry.in as 'close'] as (...all: never[]) => void)(...parameters);
        else this.#feedLink(entry, this.#linkOf(entry));
    }
  }

  /** Performs an input on a link. Sets the state of the link as the real link does before it notifies its session. */
  #feedLink({ in: name, with: parameters = [] }: RecordedEntry, link: ServerLink): void {
    const session = this.#session;
    const [first, second, third] = parameters;
    const now = parameters.at(-1) as number;
    if (name === 'attachFirst') {
      session.attachFirst(link, first as number);
      return;
    }
    if (name === 'linkEnded') link.open = false;
    else link.heardAt = now;
    if (name === 'linkEnded') session.linkEnded(link, now);
    else if (name === 'linkMessage') session.linkMessage(link, blank(first as RecordedMessage), now);
    else if (name === 'linkRecord')
      session.linkRecord(link, recordOf(first, this.#recording.differed), second as number);
    else session.carrier(link, recordOf(first, this.#recording.differed), blanks(second), third as number);
  }

  /** Sends messages in one batch, which share memory. */
  #sendRun(messages: readonly RecordedMessage[], endsAt: number | null): void {
    const memory = new Uint8Array(messages.reduce((sum, [, byteLength]) => sum + byteLength, 0));
    let messageBatch: MessageBatch | null = null;
    let from = 0;
    for (const message of messages) {
      const next = blank(message, memory, from);
      from += next.byteLength;
      if (messageBatch === null) messageBatch = new MessageBatch(next);
      else messageBatch.add(next);
    }
    if (messageBatch !== null) this.#session.sendRun(messageBatch, 0, messageBatch.length, endsAt);
  }

  #linkOf({ link: number, kind, transport }: RecordedEntry): ServerLink {
    const known = this.#links.get(number as number);
    if (known) return known;
    const link = new ServerLink(
      { find: () => this.#session, isFormer: () => false },
      kind as LinkKind,
      transport as string,
      {
        writeRecord: () => this.#script.passed(),
        writeMessages: () => this.#script.passed(),
        end: () => this.#script.passed(),
      },
    );
    this.#links.set(number as number, link);
    return link;
  }

  #io(): ServerSessionIo {
    const passed = (): void => this.#script.passed();
    return {
      begun: passed,
      confirmed: passed,
      token: passed,
      ended: passed,
      drain: passed,
      changed: passed,
      tried: passed,
      renumbered: passed,
      counted: () => this.#script.asked(),
      deliver: (message) => {
        this.#queue.push(message);
        this.#script.passed();
      },
      recall: () => {
        const count = (this.#script.answered('recall') ?? 0) as number;
        return this.#queue.splice(this.#queue.length - count);
      },
    };
  }

  /** Returns what a session needs of its registry. */
  #home(): ConstructorParameters<typeof ServerSession>[0] {
    const { limits, buffers, times, earlyAtOnce } = this.#recording;
    const script = this.#script;
    return {
      limits,
      buffers,
      times,
      earlyAtOnce,
      get now() {
        return script.now;
      },
      set now(at: number) {
        script.now = at;
      },
      touch: (session) => {
        // Does not schedule a flush, because the recorded flush follows as an input.
        session.touched = true;
      },
      catchUp: () => this.#script.asked(),
      sooner: () => undefined,
      broke: () => this.#script.asked(),
      buried: () => undefined,
      rotated: () => this.#script.asked(),
      moved: () => undefined,
      idOf: (key) => key,
      formerId: () => null,
    };
  }
}
