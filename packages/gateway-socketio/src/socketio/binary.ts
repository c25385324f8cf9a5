/**
 * Binary values inside the JSON of a packet. On the wire of Socket.IO each is replaced by a placeholder, and its bytes
 * follow in a separate message. In a topic, which carries a single text, each is `{"_base64": "…"}`.
 */

import { bytesOf } from '@everywire/server/internal';

/** The deepest nesting of values, because each level uses stack. */
const DEPTH_MAX = 64;

/** Values with placeholders for bytes, and the bytes in the order of the placeholders. */
export interface Parted {
  readonly values: unknown;
  readonly attachments: readonly Uint8Array[];
}

/** Returns whether a value contains bytes. @throws RangeError if it is nested too deeply or circular */
export function hasBytes(value: unknown, depth = 0): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (bytesOf(value) !== null) return true;
  checkDepth(depth);
  if (Array.isArray(value)) return value.some((item) => hasBytes(item, depth + 1));
  const plain = plainOf(value);
  if (plain !== value) return hasBytes(plain, depth + 1);
  for (const key in value) if (hasBytes((value as Readonly<Record<string, unknown>>)[key], depth + 1)) return true;
  return false;
}

/** Replaces bytes by placeholders. @throws RangeError if the value is nested too deeply or circular */
export function takeOut(value: unknown): Parted {
  const attachments: Uint8Array[] = [];
  const values = map(value, (item) => {
    const bytes = bytesOf(item);
    return bytes === null ? undefined : { _placeholder: true, num: attachments.push(bytes) - 1 };
  });
  return { values, attachments };
}

/** Replaces bytes by their base64. @throws RangeError if the value is nested too deeply or circular */
export function inBase64(value: unknown): unknown {
  return map(value, (item) => {
    const bytes = bytesOf(item);
    return bytes === null ? undefined : { _base64: base64Of(bytes) };
  });
}

/** Restores bytes from `inBase64`. @throws RangeError if the value is nested too deeply */
export function fromBase64(value: unknown): unknown {
  return map(value, (item) => {
    const { _base64: base64 } = item as { readonly _base64?: unknown };
    return typeof base64 === 'string' ? Buffer.from(base64, 'base64') : undefined;
  });
}

/** Encodes bytes in base64. */
export function base64Of({ buffer, byteOffset, byteLength }: Uint8Array): string {
  return Buffer.from(buffer, byteOffset, byteLength).toString('base64');
}

/** Replaces placeholders by their bytes. Returns `null` if bytes are missing or the values are nested too deeply. */
export function putIn(values: readonly unknown[], attachments: readonly Uint8Array[]): readonly unknown[] | null {
  let isWhole = true;
  const bytesFor = (item: object): unknown => {
    if (!isPlaceholder(item)) return undefined;
    const bytes = typeof item.num === 'number' ? attachments[item.num] : undefined;
    if (bytes === undefined) isWhole = false;
    return bytes ?? null;
  };
  try {
    const whole = map(values, bytesFor) as readonly unknown[];
    return isWhole ? whole : null;
  } catch {
    // The values are nested too deeply.
    return null;
  }
}

/** Copies a value. @param replace returns the replacement of an object; `undefined` copies the object */
function map(value: unknown, replace: (value: object) => unknown, depth = 0): unknown {
  if (typeof value !== 'object' || value === null) return value;
  const replaced = replace(value);
  if (replaced !== undefined) return replaced;
  checkDepth(depth);
  if (Array.isArray(value)) return value.map((item) => map(item, replace, depth + 1));
  const plain = plainOf(value);
  if (plain !== value) return map(plain, replace, depth + 1);
  // Omits the marker of a forged placeholder, which would make clients disconnect. `fromEntries` treats `__proto__` as
  // a plain key.
  const entries = Object.entries(value).filter(([key, item]) => !(key === '_placeholder' && item === true));
  return Object.fromEntries(entries.map(([key, item]) => [key, map(item, replace, depth + 1)]));
}

/** Returns the value as `JSON.stringify` sees it: a date is a string. */
function plainOf(value: object): unknown {
  const { toJSON } = value as { readonly toJSON?: unknown };
  return typeof toJSON === 'function' ? Reflect.apply(toJSON, value, []) : value;
}

function isPlaceholder(value: object): value is { readonly _placeholder: true; readonly num: unknown } {
  return (value as { readonly _placeholder?: unknown })._placeholder === true;
}

function checkDepth(depth: number): void {
  if (depth >= DEPTH_MAX) throw new RangeError(`emit: values are nested deeper than ${DEPTH_MAX}`);
}
