import { type Endpoint, type Exchange, fail } from '../http/exchange.js';
import { answer, answerHeaders } from '../http/http-answer.js';
import type { ServerLimits } from '../limits.js';
import type { TimerWheel } from '../timer-wheel.js';
import { type Examination, parseExamination } from './examination.js';
import { RepeatCounter } from './repeat-counter.js';
import { TimedStream } from './timed-stream.js';

/** Maximum ids that are remembered. One examination uses about twenty. */
const IDS_MAX = 1_000;

/** The parts of the server that the doctor endpoint uses. */
export interface DoctorHost {
  readonly limits: Pick<ServerLimits, 'smallBodyBytesMax' | 'doctorStreamsMax'>;
  readonly wheel: TimerWheel;
  now(): number;
}

/**
 * Answers a doctor, which is a client that examines how the network treats requests and answers (TR-50). A doctor needs no
 * session, and the answers only reveal what the doctor itself just sent.
 */
export class Doctor {
  readonly endpoint: Endpoint;
  readonly #host: DoctorHost;
  readonly #repeats: RepeatCounter = new RepeatCounter(IDS_MAX);
  readonly #streams: Set<TimedStream> = new Set();

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
    const { response, origin } = exchange;
    const times = this.#repeats.count(id);
    const asked = of === undefined ? {} : { of: this.#repeats.timesOf(of) };
    if (pieces !== undefined) this.#stream(exchange, pieces);
    else answer(response, 200, JSON.stringify({ t: 'doctor', id, bytes, times, ...asked }), origin);
  }

  #stream(exchange: Exchange, pieces: NonNullable<Examination['pieces']>): void {
    const { response, origin } = exchange;
    if (this.#streams.size >= this.#host.limits.doctorStreamsMax) {
      fail(exchange, 503, 'busy', 'Too many examinations are in progress. Try again later.');
      return;
    }
    // Uses the content type of `fetch-stream`, because proxies may treat each type differently.
    response.writeHead(200, answerHeaders('application/octet-stream', origin)).flushHeaders();
    const stream = new TimedStream(response, pieces, this.#host.wheel, this.#host.now());
    this.#streams.add(stream);
    response.on('close', () => this.#streams.delete(stream));
  }
}
