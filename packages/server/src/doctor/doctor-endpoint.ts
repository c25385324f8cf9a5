import type { IncomingMessage } from 'node:http';
import { ByAddress } from '../addresses/by-address.js';
import { addressKey } from '../addresses/remote-address.js';
import { type Endpoint, type Exchange, fail } from '../http/exchange.js';
import { answer, answerHeaders } from '../http/http-answer.js';
import { onPeerEnded } from '../http/request-gate.js';
import type { ServerLimits } from '../limits.js';
import type { TimerWheel } from '../timer-wheel.js';
import { type Examination, parseExamination } from './examination.js';
import { RepeatCounter } from './repeat-counter.js';
import { TimedStream } from './timed-stream.js';

/** Maximum ids that are remembered, so that an address's share is above the 1,000 of TR-50.4. One examination uses about twenty. */
const IDS_MAX = 2_000;

/** The parts of the server that the doctor endpoint uses. */
export interface DoctorHost {
  readonly limits: Pick<ServerLimits, 'smallBodyBytesMax' | 'doctorStreamsMax'>;
  readonly wheel: TimerWheel;
  now(): number;
  /** Returns the address of a client. */
  addressOf(request: IncomingMessage): string;
}

/**
 * Answers a doctor, which is a client that examines how the network treats requests and answers (TR-50). A doctor needs no
 * session, and the answers only reveal what the doctor itself just sent.
 */
export class Doctor {
  readonly endpoint: Endpoint;
  readonly #host: DoctorHost;
  readonly #repeats: RepeatCounter = new RepeatCounter(IDS_MAX);
  readonly #streams: ByAddress<TimedStream> = new ByAddress();

  constructor(host: DoctorHost) {
    this.#host = host;
    this.endpoint = {
      methods: ['POST'],
      bytesMax: host.limits.smallBodyBytesMax,
      onRecord: () => false,
      onBytes: (exchange, bytes) => {
        const asked = parseExamination(bytes.toString());
        if (asked !== null) this.#onAsked(exchange, asked, bytes.length);
        return asked !== null;
      },
    };
  }

  /** Ends the streams in progress. */
  close(): void {
    for (const stream of this.#streams) stream.cut();
  }

  #onAsked(exchange: Exchange, { id, of, pieces }: Examination, bytes: number): void {
    const { request, response, origin } = exchange;
    const address = addressKey(this.#host.addressOf(request));
    const times = this.#repeats.count(id, address);
    const asked = of === undefined ? {} : { of: this.#repeats.timesOf(of) };
    if (pieces !== undefined) this.#stream(exchange, pieces, address);
    else answer(response, 200, JSON.stringify({ t: 'doctor', id, bytes, times, ...asked }), origin);
  }

  #stream(exchange: Exchange, pieces: NonNullable<Examination['pieces']>, address: string): void {
    const { response, origin } = exchange;
    if (this.#streams.refusalOf(address, this.#host.limits.doctorStreamsMax) !== null) {
      fail(exchange, 503, 'busy', 'Too many examinations are in progress. Try again later.');
      return;
    }
    // Uses the content type of `fetch-stream`, because proxies may treat each type differently.
    response.writeHead(200, answerHeaders('application/octet-stream', origin)).flushHeaders();
    const stream = new TimedStream(response, pieces, this.#host.wheel, this.#host.now());
    this.#streams.add(stream, address);
    response.on('close', () => this.#streams.delete(stream));
    onPeerEnded(response, () => response.destroy());
  }
}
