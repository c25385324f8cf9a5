import { encodeBase64 } from '../encoding/base64.js';
import type { Message } from '../message.js';
import type { BodyRecord } from '../record.js';

/** What a message is that comes in parts: `as` of a body (SN-45). */
export const PART_OF = { text: 0, binary: 1, typed: 2 } as const;

/** The fields of a body that bring a part. */
export type PartFields = Required<Pick<BodyRecord, 'part' | 'at' | 'of' | 'as'>>;

/** Bytes `at` to `end` of a message's content, the last not included, which need not end where a character does. */
export function partOf({ bytes, byteLength: of, binary, typed }: Message, at: number, end: number): PartFields {
  const as = typed ? PART_OF.typed : binary ? PART_OF.binary : PART_OF.text;
  return { part: encodeBase64(bytes.slice(at, end)), at, of, as };
}
