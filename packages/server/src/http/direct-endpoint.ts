import {
  type AttachRecord,
  type BodyRecord,
  CarrierPattern,
  type ControlRecord,
  type Message,
  parseJsonBody,
  readPlainCarrier,
} from '@everywire/protocol/internal';
import type { LinkHost, LiveLink } from '../gathering/link-host.js';
import type { SharedBatches } from '../gathering/shared-batches.js';
import type { ServerLimits } from '../limits.js';
import { DirectAnswer, type DirectLink, type ResponsePosition } from './direct-answer.js';
import { createJsonp, type Envelope, jsonpHeaders } from './envelope.js';
import type { DirectEndpoint, Due } from './fast-path-connection.js';
import { errorJson, JSON_TYPE } from './http-answer.js';
import { longestOf } from './longest-of.js';
import { readPlainQuery, type UrlQuery } from './plain-query.js';
import type { NextTicket, Tickets } from './tickets.js';

interface DirectOptions {
  readonly host: LinkHost;
  readonly onLink: (link: LiveLink) => void;
}

/** Options of `createDirectEndpoint`. */
export interface DirectEndpointOptions extends DirectOptions, DirectLink {
  readonly limits: ServerLimits;
  /** For short polls, which must be some time apart: returns by how many milliseconds one is too early. `null` for other requests. */
  readonly early: ((record: AttachRecord) => number) | null;
}

/** The content of a request: its record and messages. */
interface Carrier {
  readonly record: ControlRecord;
  readonly messages: readonly Message[];
}

/** Maximum bytes of a body that the fast parser for bodies without messages tries to read. */
const PLAIN_BYTES_MAX = 1_024;

/**
 * Reads a body without messages; `null` if it has another form. Stores its pattern in `place`, so that a similar body on the same
 * connection can be read even faster.
 */
function readPlain(chunk: Buffer, from: number, to: number, place: ResponsePosition): AttachRecord | BodyRecord | null {
  if (to - from > PLAIN_BYTES_MAX) return null;
  const text = chunk.toString('latin1', from, to);
  const record = readPlainCarrier(text);
  place.carrier = record === null ? null : CarrierPattern.of(text, record);
  return record;
}

/**
 * Creates an endpoint for the fast path, which reads requests without Node's parser. It handles only valid requests. For any other, `take`
 * returns `null`, and the usual path (`createRequests`) parses the request again and refuses it, so that only one place explains errors.
 */
export function createDirectEndpoint(options: DirectEndpointOptions): DirectEndpoint {
  const { host, limits, kind, runs, early, onLink } = options;

  /** Reads the record and messages of a body, with the fastest parser that fits; `null` if the body is invalid. */
  function read(chunk: Buffer, from: number, to: number, place: ResponsePosition): Carrier | null {
    const record = place.carrier?.read(chunk, from, to) ?? readPlain(chunk, from, to, place);
    if (record !== null) return { record, messages: NONE };
    const bounds = { bodyBytesMax: limits.bodyBytesMax, messagesMax: limits.batchMessagesMax };
    const whole = parseJsonBody(chunk.subarray(from, to), bounds);
    if (typeof whole === 'string') return null;
    return longestOf(whole) > limits.messageBytesMax ? null : whole;
  }

  /** Marks a short poll, which must be answered immediately; returns `null` if it came too early. */
  function paced(record: AttachRecord): AttachRecord | null {
    const ms = early?.(record) ?? 0;
    return ms === 0 ? { ...record, prompt: true } : null;
  }

  return {
    contentType: runs === null ? JSON_TYPE : runs.encoding.contentType,
    take(chunk: Buffer, from: number, to: number, place: ResponsePosition): Due | null {
      const carrier = read(chunk, from, to, place);
      if (carrier === null) return null;
      const { record, messages } = carrier;
      if (record.t !== 'attach' && record.t !== 'body' && record.t !== 'fail') return null;
      if ((record.t === 'attach') !== (kind === 'poll')) return null;
      host.turn.begin();
      const said = early === null || record.t !== 'attach' ? record : paced(record);
      if (said === null) return null;
      const answer = new DirectAnswer(host, options, place);
      if (record.t !== 'fail') answer.asked(record, messages.length);
      onLink(answer);
      answer.link.record(said, messages, host.turn.time);
      return answer;
    },
  };
}

/** Options of `createDirectScript`. */
export interface DirectScriptOptions extends DirectOptions {
  readonly transport: string;
  readonly runs: SharedBatches;
  readonly tickets: Tickets;
}

/**
 * Creates an endpoint of the fast path for a poll by a script (JSONP). The answer is one function call (EN-23). The address contains a
 * ticket, which replaces the session id.
 */
export function createDirectScript({ host, onLink, transport, runs, tickets }: DirectScriptOptions): DirectEndpoint {
  const shared = { kind: 'poll', transport, runs, noStatus: false } as const;
  const onEnd = (ticket: NextTicket): void => tickets.ended(ticket);
  let callback: string | null = null;
  let envelope: Envelope | null = null;

  /** Returns the text around the answer; `null` if the callback's name is invalid. Keeps the latest, which a page mostly uses again. */
  function envelopeOf(query: UrlQuery): Envelope | null {
    const name = query.get('cb') ?? '';
    if (name !== callback) {
      const made = createJsonp(query);
      callback = name;
      envelope = 'status' in made ? null : made;
    }
    return envelope;
  }

  return {
    contentType: runs.encoding.contentType,
    headers: jsonpHeaders,
    take(chunk: Buffer, from: number, to: number, place: ResponsePosition): Due | null {
      const query = readPlainQuery(chunk.toString('latin1', from, to));
      const around = query && envelopeOf(query);
      if (query === null || around === null) return null;
      const record = tickets.spend(query.get('ticket') ?? '', query);
      if (record === undefined) return null;
      host.turn.begin();
      if (record === 'malformed') {
        host.onRefused(400, record);
        place.answer(400, errorJson(record, 'Not an attach.'));
        return NO_EXCHANGE;
      }
      const { head, tail } = around;
      const answer = new DirectAnswer(host, shared, place, {
        head,
        tail,
        nextTicket: tickets.issueNext(record),
        onEnd,
      });
      answer.asked(record, 0);
      onLink(answer);
      answer.link.record(record, NONE, host.turn.time);
      return answer;
    },
  };
}

const NONE: readonly never[] = [];
const NO_EXCHANGE: Due = { gone: () => undefined, peerEnded: () => undefined };
