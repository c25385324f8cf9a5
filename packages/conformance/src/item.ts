import type { ParsedFrame } from './frames.js';
import { readFrames } from './frames.js';

/** A JSON object whose fields are not checked yet. */
export type Fields = Readonly<Record<string, unknown>>;
/** Text, bytes, or the items of a typed message (EN-18). */
export type Content = string | Uint8Array | readonly unknown[];

/** One item of a link: a control record, a message, or something unreadable. */
export type Item =
  | { readonly kind: 'record'; readonly record: Fields }
  | { readonly kind: 'message'; readonly content: Content }
  | { readonly kind: 'damaged'; readonly what: string };

/** Decoders for each transport (docs/spec/encodings.md). Each returns the complete items in the bytes so far. */
export const itemReaders: Readonly<Record<string, (bytes: Buffer) => readonly Item[]>> = {
  websocket: (bytes) => itemsOf(readFrames(bytes)),
  tcp: (bytes) => itemsOf(readFrames(bytes)),
  'fetch-stream': (bytes) => itemsOf(readFrames(bytes)),
  'event-stream': (bytes) => wholeParts(bytes, '\n\n').map(readEvent),
  'long-poll': jsonLines,
  'short-poll': jsonLines,
  'xhr-stream': jsonLines,
  'xdr-stream': jsonLines,
  'xdr-poll': jsonLines,
  'multipart-stream': readMultipart,
  'iframe-stream': readScripts,
  'htmlfile-stream': readScripts,
  'jsonp-poll': (bytes) => readJsonp(bytes.toString()),
  'form-answer': (bytes) => readJsonp(bytes.toString()),
};

function jsonLines(bytes: Buffer): readonly Item[] {
  return wholeParts(bytes, '\n').map(readJson);
}

/** Decodes a multipart stream (EN-19). A part is complete when the next delimiter has arrived. */
function readMultipart(bytes: Buffer): readonly Item[] {
  const text = bytes.toString();
  const [delimiter = ''] = text.split('\r\n', 1);
  if (!delimiter.startsWith('--')) return text === '' ? [] : [{ kind: 'damaged', what: text }];
  const contents = text
    .split(delimiter)
    .slice(1, -1)
    .map((part) => part.slice(part.indexOf('\r\n\r\n')).trim());
  return contents.filter((content) => content !== '').map(readJson);
}

/**
 * Decodes one item per script element (EN-21). Its literal must also be valid JSON (EN-20). An empty one marks the end.
 */
function readScripts(bytes: Buffer): readonly Item[] {
  const literals = [...bytes.toString().matchAll(/<script>e\(("(?:[^"\\]|\\.)*")\)<\/script>\n/g)];
  return literals.flatMap(([, literal = '']) => {
    const text = readLiteral(literal);
    if (text === null) return [{ kind: 'damaged', what: literal }];
    return text === '' ? [] : [readJson(text)];
  });
}

/** Decodes JSON lines within one literal (EN-22). */
function readJsonp(text: string): readonly Item[] {
  const literal = /^\/\*\*\/[\w$.]+\(("(?:[^"\\]|\\.)*")\);\n$/.exec(text)?.[1];
  const lines = literal === undefined ? null : readLiteral(literal);
  if (lines === null) return text.endsWith(';\n') ? [{ kind: 'damaged', what: text }] : [];
  return jsonLines(Buffer.from(lines));
}

/** Parses a literal. Returns `null` if it is JavaScript but not JSON. */
function readLiteral(literal: string): string | null {
  try {
    return JSON.parse(literal) as string;
  } catch {
    return null;
  }
}

function wholeParts(bytes: Buffer, end: string): readonly string[] {
  return bytes.toString().split(end).slice(0, -1);
}

function readEvent(event: string): Item {
  return event.startsWith('data: ') && !event.includes('\n')
    ? readJson(event.slice(6))
    : { kind: 'damaged', what: event };
}

function readJson(text: string): Item {
  try {
    const value = JSON.parse(text) as unknown;
    if (typeof value === 'string') return { kind: 'message', content: value };
    if (Array.isArray(value) && value.length > 1) return { kind: 'message', content: value };
    if (Array.isArray(value) && typeof value[0] === 'string')
      return { kind: 'message', content: Buffer.from(value[0], 'base64') };
    if (isObject(value)) return { kind: 'record', record: value };
  } catch {
    // Invalid JSON counts as damaged, like an unknown value.
  }
  return { kind: 'damaged', what: text };
}

/** Returns whether a value is a JSON object, and not an array. */
export function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function itemsOf(frames: readonly ParsedFrame[]): readonly Item[] {
  return frames.filter(({ opcode }) => opcode < 8).map(itemOf);
}

function itemOf({ opcode, payload, final }: ParsedFrame): Item {
  if (!final || opcode === 0) return { kind: 'damaged', what: 'a fragment' };
  if (opcode === 2) return { kind: 'message', content: payload };
  if (payload[0] !== 0) return { kind: 'message', content: payload.toString() };
  return payload[1] === 0
    ? { kind: 'message', content: payload.subarray(1).toString() }
    : readJson(payload.subarray(1).toString());
}

/** Returns the bytes of a message: of its text, or of the JSON of its items. */
function contentBytes(content: Content): Buffer {
  if (content instanceof Uint8Array) return Buffer.from(content);
  return Buffer.from(typeof content === 'string' ? content : JSON.stringify(content));
}

/** Encodes a message in JSON (EN-2, EN-18). */
export function contentJson(content: Content): unknown {
  return content instanceof Uint8Array ? [Buffer.from(content).toString('base64')] : content;
}

/** Encodes a message as the payload of a frame (EN-4, EN-18). */
export function framePayload(content: Content): Buffer {
  const bytes = contentBytes(content);
  const marked = typeof content === 'string' ? content.startsWith('\0') : !(content instanceof Uint8Array);
  return marked ? Buffer.concat([Buffer.of(0), bytes]) : bytes;
}

const PRIMES = [0x9e3779b1n, 0x85ebca77n, 0xc2b2ae3dn, 0x27d4eb2fn, 0x165667b1n] as const;
const word = (value: bigint): bigint => BigInt.asUintN(32, value);
const rotated = (value: bigint, bits: bigint): bigint => word((value << bits) | (value >> (32n - bits)));

/** Adds a message to the running checksum (SN-5). Follows the specification, and shares no code with our libraries. */
export function nextSum(sum: number, content: Content): number {
  const hash = xxHash32(contentBytes(content), content instanceof Uint8Array ? 1n : 0n);
  return Number(word(BigInt(sum) * PRIMES[2] + hash));
}

/**
 * Computes xxHash32 with big integers, as its specification describes it, so that it shares no shortcut with the
 * library.
 */
function xxHash32(bytes: Buffer, seed: bigint): bigint {
  const [one, two, three, four, five] = PRIMES;
  let at = 0;
  let hash = word(seed + five);
  if (bytes.length >= 16) {
    let lanes = [seed + one + two, seed + two, seed, seed - one].map(word);
    for (; at + 16 <= bytes.length; at += 16)
      lanes = lanes.map((lane, k) =>
        word(rotated(word(lane + BigInt(bytes.readUInt32LE(at + 4 * k)) * two), 13n) * one),
      );
    hash = lanes.reduce((total, lane, k) => word(total + rotated(lane, [1n, 7n, 12n, 18n][k] as bigint)), 0n);
  }
  hash = word(hash + BigInt(bytes.length));
  for (; at + 4 <= bytes.length; at += 4)
    hash = word(rotated(word(hash + BigInt(bytes.readUInt32LE(at)) * three), 17n) * four);
  for (const byte of bytes.subarray(at)) hash = word(rotated(word(hash + BigInt(byte) * five), 11n) * one);
  hash = word((hash ^ (hash >> 15n)) * two);
  hash = word((hash ^ (hash >> 13n)) * three);
  return hash ^ (hash >> 16n);
}
