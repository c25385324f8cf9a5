import type { Publication } from '@everywire/server';
import { BrokerError } from './broker-error.js';

/*
 * The layout of a record (an encoded publication): flags, the number of topics, each topic preceded by its length, an
 * optional `conflate` preceded by its length, and the data. Numbers are unsigned 16-bit big-endian. The flags contain
 * the class in the lowest two bits.
 */

const CLASSES = ['durable', 'hint', 'ephemeral'] as const;
const CLASS_BITS = 3;
const IS_TEXT = 4;
const CONFLATES = 8;
const LENGTH_BYTES = 2;
const LENGTH_MAX = 0xffff;

/** Maximum length of a publication with its topics, in bytes. */
export const RECORD_BYTES_MAX: number = 16 << 20;

/**
 * Encodes a publication.
 *
 * @throws BrokerError `publication_too_long` if it exceeds `RECORD_BYTES_MAX`, or if the bytes of a name or the number
 * of topics exceed 65,535
 */
export function encodePublication({ topics, data, class: ofClass, conflate }: Publication): Buffer {
  const isText = typeof data === 'string';
  const names = conflate === undefined ? topics : [...topics, conflate];
  let length = 1 + LENGTH_BYTES + (isText ? Buffer.byteLength(data) : data.length);
  for (const name of names) length += LENGTH_BYTES + Buffer.byteLength(name);
  if (length > RECORD_BYTES_MAX || topics.length > LENGTH_MAX) throw new BrokerError('publication_too_long');
  const record = Buffer.allocUnsafe(length);
  let at = record.writeUInt8(
    CLASSES.indexOf(ofClass) | (isText ? IS_TEXT : 0) | (conflate === undefined ? 0 : CONFLATES),
  );
  at = record.writeUInt16BE(topics.length, at);
  for (const name of names) {
    const bytes = record.write(name, at + LENGTH_BYTES);
    if (bytes > LENGTH_MAX) throw new BrokerError('publication_too_long');
    record.writeUInt16BE(bytes, at);
    at += LENGTH_BYTES + bytes;
  }
  if (isText) record.write(data, at);
  else record.set(data, at);
  return record;
}

/**
 * Decodes a publication. Keeps only the wanted topics. Returns `null` if no topic is wanted.
 *
 * @throws RangeError if the bytes are not a record
 */
export function decodeRecord(record: Buffer, isWanted: (topic: string) => boolean): Publication | null {
  const flags = record.readUInt8(0);
  let count = record.readUInt16BE(1);
  let at = 1 + LENGTH_BYTES;
  const name = (): string => {
    const from = at + LENGTH_BYTES;
    at = from + record.readUInt16BE(at);
    if (at > record.length) throw new RangeError('A name ends beyond its record.');
    return record.toString('utf8', from, at);
  };
  const topics: string[] = [];
  for (; count > 0; count -= 1) {
    const topic = name();
    if (isWanted(topic)) topics.push(topic);
  }
  if (topics.length === 0) return null;
  const ofClass = CLASSES[flags & CLASS_BITS];
  if (ofClass === undefined) throw new RangeError('A publication has no class.');
  const conflate = (flags & CONFLATES) === 0 ? {} : { conflate: name() };
  const data = (flags & IS_TEXT) === 0 ? new Uint8Array(record.subarray(at)) : record.toString('utf8', at);
  return { topics, data, class: ofClass, ...conflate };
}
