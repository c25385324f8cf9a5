import { encodeBase64 } from '../encoding/base64.js';
import type { Message } from '../message.js';
import type { BodyRecord } from '../record.js';

/** Kinds of a message sent in parts: `as` of a body (SN-45). */
export const PART_OF = { text: 0, binary: 1, typed: 2 } as const;

/** The fields of a body that carry a part. */
export type PartFields = Required<Pick<BodyRecord, 'part' | 'at' | 'of' | 'as'>>;

/** Returns bytes `at` to `end` (exclusive) of a message's content as a part. It may end inside a character. */
export function partOf({ bytes, byteLength: of, binary, typed }: Message, at: number, end: number): PartFields {
  const as = typed ? PART_OF.typed : binary ? PART_OF.binary : PART_OF.text;
  return { part: encodeBase64(bytes.slice(at, end)), at, of, as };
}
