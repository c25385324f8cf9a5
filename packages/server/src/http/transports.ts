import { randomBytes } from 'node:crypto';
import {
  createMultipartEncoding,
  type Encoding,
  eventStreamEncoding,
  eventStreamEnd,
  frameEncoding,
  jsonLinesEncoding,
  jsonpEncoding,
  scriptEncoding,
} from '@everywire/protocol/internal';
import { type CreateEnvelope, createDocument, createJsonp } from './envelope.js';

/**
 * Describes one HTTP transport that carries messages from the server to the client. The table entries contain all
 * differences between such transports, so one handler serves all of them. A new transport needs an entry and, for a new
 * format, an encoding.
 */
export interface TransportRow {
  /** The path of the transport under the prefix, which is also its name in `transport`. */
  readonly name: string;
  /** `stream`: the response stays open. `poll`: the response ends with the first messages, or after one heartbeat. */
  readonly shape: 'stream' | 'poll';
  readonly encoding: Encoding;
  /**
   * Whether a GET with a ticket opens it too, for clients that cannot POST (SN-8, SN-20). The answer brings the next
   * ticket.
   */
  readonly byTicket: boolean;
  /** The limit in bytes after which a stream ends, because the reader or an intermediary may store all of it. */
  readonly cap?: 'streamBytesMax' | 'keptBytesMax';
  /** Whether a poll is answered immediately, and accepted from one session at most each `shortPollMs`. */
  readonly paced?: true;
  /** The bytes before the first item and after the last item of a stream. */
  readonly prelude?: Uint8Array;
  readonly epilogue?: Uint8Array;
  /** Wraps the items for a script or a frame. Such a transport only uses GET, from an element of a page. */
  readonly envelope?: CreateEnvelope;
  /** Whether the client cannot read a status, so that errors are records with 200 (SN-8). */
  readonly noStatus?: true;
  /** The option that must be set to serve it. */
  readonly setting?: 'jsonp';
}

/** The boundary between parts. Random, so that no message can contain it. */
const multipart: ReturnType<typeof createMultipartEncoding> = createMultipartEncoding(randomBytes(16).toString('hex'));

/**
 * White space before the JSON of the first line (RFC 8259 section 2). Some readers report nothing before this many
 * bytes.
 */
const padding: Buffer = Buffer.alloc(2_048, ' ');

const kept = { byTicket: true, cap: 'keptBytesMax' } as const;
const document = { shape: 'stream', encoding: scriptEncoding, envelope: createDocument, ...kept } as const;

/** The HTTP transports that carry messages from the server to the client. */
export const transports: readonly TransportRow[] = [
  {
    name: 'event-stream',
    shape: 'stream',
    encoding: eventStreamEncoding,
    byTicket: true,
    cap: 'streamBytesMax',
    epilogue: eventStreamEnd,
  },
  { name: 'fetch-stream', shape: 'stream', encoding: frameEncoding, byTicket: false, cap: 'streamBytesMax' },
  {
    name: 'multipart-stream',
    shape: 'stream',
    encoding: multipart,
    byTicket: false,
    cap: 'streamBytesMax',
    prelude: multipart.prelude,
    epilogue: multipart.epilogue,
  },
  {
    name: 'xhr-stream',
    shape: 'stream',
    encoding: jsonLinesEncoding,
    byTicket: false,
    cap: 'keptBytesMax',
    prelude: padding,
  },
  {
    name: 'xdr-stream',
    shape: 'stream',
    encoding: jsonLinesEncoding,
    byTicket: false,
    cap: 'keptBytesMax',
    prelude: padding,
    noStatus: true,
  },
  { name: 'xdr-poll', shape: 'poll', encoding: jsonLinesEncoding, byTicket: false, noStatus: true },
  { name: 'long-poll', shape: 'poll', encoding: jsonLinesEncoding, byTicket: true },
  { name: 'iframe-stream', ...document },
  // The same document under another name, so that the name shows which transport a session uses.
  { name: 'htmlfile-stream', ...document },
  {
    name: 'jsonp-poll',
    shape: 'poll',
    encoding: jsonpEncoding,
    byTicket: true,
    setting: 'jsonp',
    envelope: createJsonp,
  },
  { name: 'short-poll', shape: 'poll', encoding: jsonLinesEncoding, byTicket: false, paced: true },
];
