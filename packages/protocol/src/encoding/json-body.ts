import type { Message } from '../message.js';
import type { ControlRecord } from '../record.js';
import { encodeMessageJson } from './json-item.js';

/**
 * The body of a request: the fields of its record, and where messages go with it their `count` and `m`, the messages. The
 * count tells a body whose messages were cut out on the way from a whole one (SN-7).
 */
export function encodeJsonBody(record: ControlRecord, messages: readonly Message[]): string {
  if (messages.length === 0) return JSON.stringify(record);
  const head = JSON.stringify({ ...record, count: messages.length }).slice(0, -1);
  return `${head},"m":[${messages.map(encodeMessageJson).join(',')}]}`;
}
