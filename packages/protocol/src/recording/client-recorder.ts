import { type BufferLimits, bufferLimits } from '../limits.js';
import type { Message } from '../message.js';
import type { ControlRecord } from '../record.js';
import type { ClientSession } from '../session/client-session.js';
import type { ClientStart } from '../session/client-start.js';
import type { ClientIo, ClientLinkView, StartIo, Transport, Verdict } from '../session/contract.js';
import { provenEnd } from '../session/proven-end.js';
import { readTyped } from '../typed-message.js';
import { CallRecorder } from './call-recorder.js';
import type { ClientRecording, RecordedEntry, RecordedLink } from './recording.js';
import { RecordingBuffer } from './recording-buffer.js';
import { listen } from './wiretap.js';
import { Aliases, codeWithoutContents, messageWithoutContents, recordWithoutContents } from './without-contents.js';

const startInputs = ['send', 'consumed', 'close', 'fail', 'start', 'flush', 'linkOpened', 'record', 'message'] as const;
const inputs = [
  ...startInputs,
  ...(['want', 'race', 'switchTo', 'wake', 'renew', 'rest', 'finalBody', 'beginHidden', 'hidden', 'tick'] as const),
  'linkEnded',
] as const;
const startOutputs = [
  ...(['connect', 'writeRecord', 'writeMessages', 'end', 'deliver', 'ended', 'drain'] as const),
  ...(['changed', 'schedule'] as const),
] as const;
const startAnswers = ['choose', 'nonce', 'token'] as const;
const lateOutputs = ['proven', 'failed', 'timer', 'reset', 'renew', 'counted'] as const;
const lateAnswers = ['everyMs', 'tried', 'random'] as const;

/**
 * Records one session at the client, through both its stages: the calls into it, its calls to its shell, and their
 * results. Stops when the session ends.
 */
export class ClientRecorder {
  readonly #recordingBuffer: RecordingBuffer;
  readonly #aliases: Aliases;
  readonly #keys: Aliases;
  readonly #calls: CallRecorder;
  readonly #numbers: WeakMap<ClientLinkView, number> = new WeakMap();
  #links = 0;
  readonly #begin: Pick<ClientRecording, 'bornAt' | 'buffers'>;
  #instance = 0;
  #session: ClientStart | ClientSession | null = null;
  #startIo: StartIo | null = null;

  /** @param now the clock of the session, in milliseconds */
  constructor(
    now: () => number,
    buffers: BufferLimits = bufferLimits,
    recordingBuffer: RecordingBuffer = new RecordingBuffer(),
  ) {
    this.#recordingBuffer = recordingBuffer;
    this.#aliases = new Aliases(recordingBuffer);
    this.#keys = new Aliases(recordingBuffer);
    this.#calls = new CallRecorder(recordingBuffer, now, () => this.#session?.flow.done && this.#calls.stop());
    const { bufferMessagesMax, bufferBytesMax } = buffers;
    this.#begin = { bornAt: now(), buffers: { bufferMessagesMax, bufferBytesMax } };
  }

  /** Begins to record. @param create creates the first stage, which immediately asks `io` for a nonce */
  start(io: StartIo, create: () => ClientStart): ClientStart {
    this.#startIo = io;
    this.#listenTo(io, startOutputs, startAnswers);
    const session = this.#calls.input('create', () => ({}), create) as ClientStart;
    this.#session = session;
    this.#instance = session.instance;
    listen(session, startInputs, (name) => (given, call) => this.#input(name, given, call));
    listen(session.flow, ['learn', 'closed'], () => (_given, call) => {
      const learning = call();
      // The session state may have compared checksums, which a replay does not have.
      if (learning === 'lost') this.#calls.note(() => ({ out: 'lost' }));
      return learning;
    });
    return session;
  }

  /**
   * Continues with the second stage of the session. The caller must call this before any call into that stage.
   *
   * @param io the calls of the second stage, or those of the first stage
   */
  adopted(session: ClientSession, io: ClientIo): void {
    this.#calls.input(
      'adopt',
      () => ({ with: [session.now] }),
      () => undefined,
    );
    this.#session = session;
    listen(session, inputs, (name) => (given, call) => this.#input(name, given, call));
    const { requests } = session.manager;
    listen(requests, ['allow'], (name) => (given, call) => this.#input(name, given, call));
    listen(requests.size, ['assume'], (name) => (given, call) => this.#input(name, given, call));
    if (io !== this.#startIo) this.#listenTo(io, startOutputs, startAnswers);
    this.#listenTo(io, lateOutputs, lateAnswers);
  }

  /** The recording so far. */
  get recording(): ClientRecording {
    const { entries, latest, dropped } = this.#recordingBuffer;
    const differed = this.#session !== null && provenEnd(this.#session.flow) === 'lost';
    return { version: 1, end: 'client', ...this.#begin, instance: this.#instance, entries, dropped, latest, differed };
  }

  #listenTo<T extends StartIo>(io: T, said: readonly (keyof T & string)[], asked: readonly (keyof T & string)[]): void {
    listen(io, said, (name) => (given, call) => {
      return this.#calls.output(() => ({ out: name, ...this.#entryOf(name, given) }), call);
    });
    listen(io, asked, (name) => (_given, call) => {
      return this.#calls.answer((answer) => ({ out: name, with: [this.#answered(name, answer)] }), call);
    });
  }

  /** Records a call from outside; an internal call of the machine is not recorded. */
  #input(name: string, given: readonly unknown[], call: () => unknown): unknown {
    return this.#calls.isAtWork ? call() : this.#calls.input(name, () => this.#heard(name, given), call);
  }

  #heard(name: string, given: readonly unknown[]): RecordedEntry {
    const [first, second, third, fourth] = given;
    switch (name) {
      case 'send':
      case 'consumed':
        return { with: [this.#message(first)] };
      case 'fail':
        return { with: [codeWithoutContents(first as string, this.#aliases)] };
      case 'race':
      case 'switchTo':
        return { with: [transportOf(first as Transport), second] };
      case 'renew':
        return { with: [this.#token(first), second] };
      case 'linkOpened':
        return { ...this.#link(first), with: [second, third === true] };
      case 'record':
        return { ...this.#link(first), with: [this.#record(second), third] };
      case 'message':
        return { ...this.#link(first), with: [this.#message(second), third] };
      case 'linkEnded':
        return { ...this.#link(first), with: [second, third, fourth === true] };
      default:
        return { with: given };
    }
  }

  #entryOf(name: string, given: readonly unknown[]): RecordedEntry {
    const [first, second, third] = given;
    switch (name) {
      case 'connect':
        return { ...this.#link(first), with: [this.#record(second), this.#messages(third)] };
      case 'writeRecord':
        return { ...this.#link(first), with: [this.#record(second)] };
      case 'writeMessages':
        return { ...this.#link(first), with: [third, given[3]] };
      case 'end':
        return { ...this.#link(first), with: [second] };
      case 'deliver':
        return { with: [this.#message(first)] };
      case 'ended':
        return { with: [this.#verdict(first as Verdict)] };
      case 'changed':
        return { with: [this.#transport] };
      case 'proven':
        return { with: [transportOf(first as Transport)] };
      case 'failed':
        return { with: [transportOf(first as Transport), second, third ?? null] };
      case 'timer':
        return { with: [String((this.#session as ClientSession).manager.nextTickAt)] };
      case 'reset':
        return { with: [this.#aliases.of(first as string)] };
      default:
        return {};
    }
  }

  #answered(name: string, answer: unknown): unknown {
    switch (name) {
      case 'choose':
        return transportOf(answer as Transport);
      case 'nonce':
        return this.#aliases.of(answer as string);
      case 'token':
        return this.#token(answer);
      case 'tried':
        return this.#aliases.of((answer as { readonly tried: string }).tried);
      default:
        return answer;
    }
  }

  /** Name of the transport that carries the session, or `null`. */
  get #transport(): string | null {
    const session = this.#session as ClientStart | ClientSession;
    if ('transport' in session) return session.transport?.name ?? null;
    const { attached, current } = session.manager.links;
    return (attached && current?.transport?.name) || null;
  }

  #link(given: unknown): RecordedLink {
    const link = given as ClientLinkView;
    const known = this.#numbers.get(link);
    if (known !== undefined) return { link: known };
    this.#links += 1;
    this.#numbers.set(link, this.#links);
    return { link: this.#links, kind: link.kind, transport: link.transport?.name ?? null };
  }

  /** Replaces a token by an alias of equal length, because its length counts towards the size of a body. */
  #token(given: unknown): string {
    const token = given as string;
    return this.#aliases.of(token).padEnd(token.length, '.');
  }

  #verdict(verdict: Verdict): Verdict {
    return { ...verdict, code: codeWithoutContents(verdict.code, this.#aliases) };
  }

  /**
   * Returns the record without contents. A typed message may arrive as its array; an invalid one is kept as an empty
   * array.
   */
  #record(given: unknown): unknown {
    if (given === undefined) return null;
    if (!Array.isArray(given)) return recordWithoutContents(given as ControlRecord, this.#aliases, true);
    const typed = readTyped(given);
    return typed ? this.#message(typed) : [];
  }

  #message(given: unknown): unknown {
    return messageWithoutContents(given as Message, this.#keys);
  }

  #messages(given: unknown): readonly unknown[] {
    return (given as readonly Message[]).map((message) => this.#message(message));
  }
}

/** Returns the properties of a transport that the machine uses. */
function transportOf({ name, kind, blind }: Transport): readonly unknown[] {
  return blind ? [name, kind, true] : [name, kind];
}
