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
 * One HTTP way down. Everything in which they differ is in such a row: one handler serves them all, and a new one is a row
 * and, where its bytes are new, an encoding.
 */
export interface TransportRow {
  /** Its place under the prefix, and its name in `transport`. */
  readonly name: string;
  /** A `stream` is held for ever; a `poll` until there is something to say, one heartbeat at most, and ends with it. */
  readonly shape: 'stream' | 'poll';
  readonly encoding: Encoding;
  /** Whether a GET with a ticket opens it too, for what cannot POST (SN-8, SN-20). Its answer brings the next ticket. */
  readonly byTicket: boolean;
  /** The limit after whose bytes a stream ends: the reader, or what stands between, may keep all of it. */
  readonly cap?: 'streamBytesMax' | 'keptBytesMax';
  /** A poll that is answered at once, and taken from one session no sooner than `shortPollMs` after the one before. */
  readonly paced?: true;
  /** What a stream begins and ends with, besides its items. */
  readonly prelude?: Uint8Array;
  readonly epilogue?: Uint8Array;
  /** What stands around the items, for what a script reads. Only a GET asks for such a row, and by an element of a page. */
  readonly envelope?: CreateEnvelope;
  /** Who asks can read no status: an error is a record with 200 (SN-8). */
  readonly noStatus?: true;
  /** Served only where the server was told to. */
  readonly setting?: 'jsonp';
}

/** Random, so that nobody outside can write what a reader would take for the end of a part. */
const multipart: ReturnType<typeof createMultipartEncoding> = createMultipartEncoding(randomBytes(16).toString('hex'));

/** White space of the first line's JSON. Some readers hand nothing on before so much has come (RFC 8259 section 2). */
const padding: Buffer = Buffer.alloc(2_048, ' ');

const kept = { byTicket: true, cap: 'keptBytesMax' } as const;
const document = { shape: 'stream', encoding: scriptEncoding, envelope: createDocument, ...kept } as const;

export const transports: readonly TransportRow[] = [
  {
    ...{ name: 'event-stream', shape: 'stream', encoding: eventStreamEncoding, byTicket: true, cap: 'streamBytesMax' },
    epilogue: eventStreamEnd,
  },
  { name: 'fetch-stream', shape: 'stream', encoding: frameEncoding, byTicket: false, cap: 'streamBytesMax' },
  {
    ...{ name: 'multipart-stream', shape: 'stream', encoding: multipart, byTicket: false, cap: 'streamBytesMax' },
    ...{ prelude: multipart.prelude, epilogue: multipart.epilogue },
  },
  {
    ...{ name: 'xhr-stream', shape: 'stream', encoding: jsonLinesEncoding, byTicket: false, cap: 'keptBytesMax' },
    prelude: padding,
  },
  {
    ...{ name: 'xdr-stream', shape: 'stream', encoding: jsonLinesEncoding, byTicket: false, cap: 'keptBytesMax' },
    ...{ prelude: padding, noStatus: true },
  },
  { name: 'xdr-poll', shape: 'poll', encoding: jsonLinesEncoding, byTicket: false, noStatus: true },
  { name: 'long-poll', shape: 'poll', encoding: jsonLinesEncoding, byTicket: true },
  { name: 'iframe-stream', ...document },
  // The same document; a name of its own shows which of them a session has.
  { name: 'htmlfile-stream', ...document },
  {
    ...{ name: 'jsonp-poll', shape: 'poll', encoding: jsonpEncoding, byTicket: true, setting: 'jsonp' },
    envelope: createJsonp,
  },
  { name: 'short-poll', shape: 'poll', encoding: jsonLinesEncoding, byTicket: false, paced: true },
];
