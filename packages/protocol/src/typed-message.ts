import { decodeBase64, encodeBase64 } from './encoding/base64.js';
import { Message, messageFromText } from './message.js';

/** Item of a typed message: a number, a text, or binary data as an array of one base64 text (EN-18). */
export type TypedItem = string | number | readonly [base64: string];
/** Content of a typed message: a kind, which is one lowercase letter, and its items (EN-18). */
export type TypedItems = readonly [kind: string, ...items: TypedItem[]];

const textEncoder: TextEncoder = new TextEncoder();
/** Maximum items after the kind; no message of this project has more. */
const ITEMS_MAX = 3;

/**
 * A numbered message of the session itself: a request, a reply, a failure, or the refusal of a message. Its content is
 * an array of items. For its length and checksum, the content is the UTF-8 of `JSON.stringify` of the items, even if the
 * sender formatted the JSON in another way.
 */
export class TypedMessage extends Message {
  override readonly typed = true as const;
  readonly items: TypedItems;

  constructor(items: TypedItems, serial?: number) {
    super(false, textEncoder.encode(JSON.stringify(items)), serial);
    this.items = items;
  }
}

/** Reads an untrusted parsed JSON value as a typed message. Returns `null` if it is not one. */
export function readTyped(value: unknown): TypedMessage | null {
  if (!Array.isArray(value) || value.length < 2 || value.length > 1 + ITEMS_MAX) return null;
  const fits = /^[a-z]$/.test(value[0]) && value.every(isItem);
  return fits ? new TypedMessage(value as unknown as TypedItems) : null;
}

/** Converts application data to an item. Replaces lone surrogates (SN-18). */
export function toItem(data: string | Uint8Array): TypedItem {
  return typeof data === 'string' ? messageFromText(data).text : [encodeBase64(data)];
}

/** Converts an item back to application data. Returns `null` if the item is not data. */
export function fromItem(item: TypedItem | undefined): string | Uint8Array | null {
  if (typeof item === 'string') return item;
  return typeof item === 'object' ? decodeBase64(item[0]) : null;
}

function isItem(value: unknown): boolean {
  if (typeof value === 'string' || Number.isSafeInteger(value)) return true;
  return Array.isArray(value) && value.length === 1 && typeof value[0] === 'string';
}
