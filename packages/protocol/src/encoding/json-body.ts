import type { Message } from '../message.js';
import type { ControlRecord } from '../record.js';
import { encodeMessageJson } from './json-item.js';

/**
 * Encodes a request body: the fields of its record and, if there are messages, their `count` and the messages as `m`.
 * The count reveals a body that lost messages in transit (SN-7).
 */
export function encodeJsonBody(record: ControlRecord, messages: readonly Message[]): string {
  if (messages.length === 0) return JSON.stringify(record);
  const head = JSON.stringify({ ...record, count: messages.length }).slice(0, -1);
  return `${head},"m":[${messages.map(encodeMessageJson).join(',')}]}`;
}
