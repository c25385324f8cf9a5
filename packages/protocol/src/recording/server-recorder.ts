import type { Counts } from '../counts.js';
import { type BufferLimits, type SessionLimits, type SessionTimes, sessionTimes } from '../limits.js';
import type { Message } from '../message.js';
import type { ControlRecord } from '../record.js';
import { hasAll } from '../record-check.js';
import type { ServerSessionIo, Verdict } from '../session/contract.js';
import type { MessageBatch } from '../session/message-batch.js';
import type { ServerLink } from '../session/server-link.js';
import type { ServerSession } from '../session/server-session.js';
import { CallRecorder } from './call-recorder.js';
import type { RecordedEntry, RecordedLink, ServerRecording } from './recording.js';
import { RecordingBuffer } from './recording-buffer.js';
import { listen } from './wiretap.js';
import {
  Aliases,
  codeWithoutContents,
  messageWithoutContents,
  NONCE_UNITS_KEPT,
  recordWithoutContents,
} from './without-contents.js';

/** Properties of a session's registry that the recorder uses. */
export interface RecordedHome {
  readonly limits: SessionLimits;
  readonly buffers: BufferLimits;
  readonly times: SessionTimes;
  readonly earlyAtOnce: boolean;
  readonly now: number;
  idOf(key: string): string;
}

/** Methods that the machine also calls itself. A call while the machine is running is such an internal call. */
const shared = ['flush', 'close', 'linkEnded', 'renew'] as const;
/** Methods that only other code calls. */
const inputs = [
  'send',
  'sendRun',
  'conflate',
  'squeeze',
  'want',
  'consumed',
  'reset',
  'fail',
  'takePoll',
  'rotateTo',
  'early',
  'attachFirst',
  'carrier',
  'linkRecord',
  'linkMessage',
  'tick',
  'freeze',
] as const;
/** Methods of the shell that the machine calls. */
const outputs = ['begun', 'confirmed', 'deliver', 'token', 'ended', 'drain', 'changed', 'tried', 'renumbered'] as const;

/**
 * Records one session at the server: the calls into it, and its calls to its application and links. Stops when the
 * session ends or is handed over to another node, which then records it.
 */
export class ServerRecorder {
  /** `null` once the recording has ended, because the recording outlives its session. */
  #session: ServerSession | null;
  readonly #home: RecordedHome;
  readonly #recordingBuffer: RecordingBuffer;
  readonly #aliases: Aliases;
  readonly #keys: Aliases;
  /** Numbers of the links, held weakly, because a session has a new link with every poll. */
  readonly #numbers: WeakMap<ServerLink, number> = new WeakMap();
  #links = 0;
  readonly #begin: Pick<ServerRecording, 'bornAt' | 'nonce' | 'id'>;
  readonly #calls: CallRecorder;
  #differed = false;
  #nextTickAt: number = Number.NaN;

  /** Begins to record. @param session a new one, before any call into it */
  constructor(
    session: ServerSession,
    io: ServerSessionIo,
    home: RecordedHome,
    recordingBuffer: RecordingBuffer = new RecordingBuffer(),
  ) {
    this.#session = session;
    this.#home = home;
    this.#recordingBuffer = recordingBuffer;
    this.#aliases = new Aliases(recordingBuffer);
    this.#keys = new Aliases(recordingBuffer);
    this.#calls = new CallRecorder(
      recordingBuffer,
      () => home.now,
      () => this.#rest(),
    );
    this.#begin = {
      bornAt: home.now,
      nonce: session.nonce.slice(-NONCE_UNITS_KEPT),
      id: this.#aliases.of(session.id),
    };
    const input = (name: string, given: readonly unknown[], call: () => unknown): unknown =>
      this.#calls.input(name, () => this.#heard(name, given), call);
    listen(session, shared, (name) => (given, call) => (this.#calls.isAtWork ? call() : input(name, given, call)));
    listen(session, inputs, (name) => (given, call) => input(name, given, call));
    listen(io, outputs, (name) => (given, call) => {
      const describe = (): RecordedEntry => ({ out: name, ...this.#entryOf(name, given) });
      return this.#calls.output(describe, call);
    });
    listen(io, ['recall'], () => (_given, call) => {
      const describe = ({ length }: readonly Message[]): RecordedEntry => ({ out: 'recall', with: [length] });
      return this.#calls.answer(describe, call);
    });
  }

  /** Ends the recording. */
  stop(): void {
    this.#calls.stop();
    this.#session = null;
  }

  /** The recording so far. */
  get recording(): ServerRecording {
    const { limits, earlyAtOnce } = this.#home;
    const { bufferMessagesMax, bufferBytesMax } = this.#home.buffers;
    const buffers = { bufferMessagesMax, bufferBytesMax };
    const times = timesOf(this.#home.times);
    const { entries, latest, dropped } = this.#recordingBuffer;
    return {
      version: 1,
      end: 'server',
      ...this.#begin,
      earlyAtOnce,
      limits,
      buffers,
      times,
      entries,
      dropped,
      latest,
      differed: this.#differed,
    };
  }

  /** Records the time of the next tick after each input, and stops once the session is over. */
  #rest(): void {
    const { nextTickAt, done, frozen } = this.#session!;
    if (!Object.is(nextTickAt, this.#nextTickAt))
      this.#recordingBuffer.add({ out: 'timer', with: [String(nextTickAt)] });
    this.#nextTickAt = nextTickAt;
    // The answers of a tombstone need no recording, because they are the same for all sessions.
    if (done !== null || frozen) this.stop();
  }

  #heard(name: string, given: readonly unknown[]): RecordedEntry {
    const [first, second, third, fourth] = given;
    switch (name) {
      case 'send':
      case 'consumed':
        return { with: [this.#message(first)] };
      case 'sendRun':
        return { with: [this.#run(first as MessageBatch, second as number, third as number), fourth ?? null] };
      case 'reset':
        return { with: [this.#aliases.of(first as string)] };
      case 'close':
      case 'fail':
        return first === undefined ? {} : { with: [codeWithoutContents(first as string, this.#aliases)] };
      case 'rotateTo':
        return { with: [this.#aliases.of(this.#home.idOf(first as string))] };
      case 'early':
        return { with: [first, this.#messages(second), third] };
      case 'attachFirst':
        return { ...this.#link(first), with: [second] };
      case 'carrier':
        return { ...this.#link(first), with: [this.#record(second), this.#messages(third), fourth] };
      case 'linkRecord':
        return { ...this.#link(first), with: [this.#record(second), third] };
      case 'linkMessage':
        return { ...this.#link(first), with: [this.#message(second), third] };
      case 'linkEnded':
        return { ...this.#link(first), with: [second] };
      case 'renew':
        return { with: [String(first), second] };
      case 'flush':
        // A poll whose peer has half-closed its connection is answered immediately.
        return { with: [first, this.#session!.links.down?.prompt === true] };
      case 'freeze':
        return { with: [second] };
      default:
        return { with: given };
    }
  }

  #entryOf(name: string, [first]: readonly unknown[]): RecordedEntry {
    switch (name) {
      case 'deliver':
        return { with: [this.#message(first)] };
      case 'token':
        return {};
      case 'ended':
        this.#differed = this.#session!.flow.incoming.ended() === 'lost';
        return { with: [this.#verdict(first as Verdict)] };
      case 'tried':
        return { with: [this.#aliases.of(first as string)] };
      case 'changed':
        return { with: [this.#session!.transport] };
      case 'renumbered':
        return { with: [(first as readonly number[]).length] };
      default:
        return { with: [first ?? null] };
    }
  }

  #verdict(verdict: Verdict): Verdict {
    return { ...verdict, code: codeWithoutContents(verdict.code, this.#aliases) };
  }

  #link(given: unknown): RecordedLink {
    const link = given as ServerLink;
    const known = this.#numbers.get(link);
    if (known !== undefined) return { link: known };
    this.#links += 1;
    const number = this.#links;
    this.#numbers.set(link, number);
    const { kind, transport, io } = link;
    listen(io, ['writeRecord', 'writeMessages', 'end'], (name) => (said, call) => {
      const describe = (): RecordedEntry => ({ out: name, link: number, with: this.#written(name, said) });
      return this.#calls.output(describe, call);
    });
    return { link: number, kind, transport };
  }

  #written(name: string, [first, second, third]: readonly unknown[]): readonly unknown[] {
    if (name === 'writeRecord') return [recordWithoutContents(first as ControlRecord, this.#aliases, true)];
    return name === 'writeMessages' ? [second, third] : [first];
  }

  #record(given: unknown): object {
    const record = given as ControlRecord & Partial<Counts>;
    const { outgoing } = this.#session!.flow;
    // An untrusted record may have a `sum` without the other counts, where it is not read.
    const fits = !hasAll(record, 'C') || outgoing.isPossible(record as Counts);
    return recordWithoutContents(record, this.#aliases, fits);
  }

  #message(given: unknown): unknown {
    return messageWithoutContents(given as Message, this.#keys);
  }

  #messages(given: unknown): readonly unknown[] {
    return (given as readonly Message[]).map((message) => this.#message(message));
  }

  #run(messageBatch: MessageBatch, from: number, to: number): readonly unknown[] {
    const run: unknown[] = [];
    for (let index = from; index < to; index += 1) run.push(this.#message(messageBatch.at(index)));
    return run;
  }
}

/** Copies the times of a session only; the server's options contain others. */
function timesOf(times: SessionTimes): SessionTimes {
  const names = Object.keys(sessionTimes) as (keyof SessionTimes)[];
  return Object.fromEntries(names.map((name) => [name, times[name]])) as unknown as SessionTimes;
}
