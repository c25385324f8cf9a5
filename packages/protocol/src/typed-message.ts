import { decodeBase64, encodeBase64 } from './encoding/base64.js';
import { Message, messageFromText } from './message.js';

/** What stands in a typed message: a kind, which is one small letter, numbers, texts, and data: a text, or binary as an array of one base64 text (EN-18). */
export type TypedItem = string | number | readonly [base64: string];
export type TypedItems = readonly [kind: string, ...items: TypedItem[]];

const textEncoder: TextEncoder = new TextEncoder();
/** Items after the kind; nothing that is ours has more. */
const ITEMS_MAX = 3;

/**
 * A numbered message that is not the application's own but says something about one: a request, its reply, a failure, a
 * refusal. Its content, for length and checksum, is the UTF-8 of what `JSON.stringify` makes of its items, however a carrier
 * spelled it.
 */
export class TypedMessage extends Message {
  override readonly typed = true as const;
  readonly items: TypedItems;

  constructor(items: TypedItems, serial?: number) {
    super(false, textEncoder.encode(JSON.stringify(items)), serial);
    this.items = items;
  }
}

/** A typed message from an untrusted value, already parsed; `null` if it is none. */
export function readTyped(value: unknown): TypedMessage | null {
  if (!Array.isArray(value) || value.length < 2 || value.length > 1 + ITEMS_MAX) return null;
  const fits = /^[a-z]$/.test(value[0]) && value.every(isItem);
  return fits ? new TypedMessage(value as unknown as TypedItems) : null;
}

/** How the data of an application stands in a typed message. Lone surrogates are replaced here (SN-18). */
export function toItem(data: string | Uint8Array): TypedItem {
  return typeof data === 'string' ? messageFromText(data).text : [encodeBase64(data)];
}

/** The same back; `null` if it is no data. */
export function fromItem(item: TypedItem | undefined): string | Uint8Array | null {
  if (typeof item === 'string') return item;
  return typeof item === 'object' ? decodeBase64(item[0]) : null;
}

function isItem(value: unknown): boolean {
  if (typeof value === 'string' || Number.isSafeInteger(value)) return true;
  return Array.isArray(value) && value.length === 1 && typeof value[0] === 'string';
}
