import { parse, stringify } from './json.js';
import { platform } from './platform.js';

/** Put by the build in the place of what not every platform has; each is the platform's own where there is one. */

type Json = { readonly parse: (text: string) => unknown; readonly stringify: (value: unknown) => string };

const { JSON: json, Uint8Array: Typed } = platform as unknown as {
  JSON?: Json;
  Uint8Array?: new (from: unknown) => object;
};

export const parseJson: Json['parse'] = json ? (text) => json.parse(text) : parse;
export const stringifyJson: Json['stringify'] = json ? (value) => json.stringify(value) : stringify;

/** `new Uint8Array`, of a length or of a buffer: an array where there is no such thing. */
function Bytes(from: number | ArrayBuffer): object {
  if (Typed) return new Typed(from);
  const bytes: number[] = [];
  for (let at = 0; at < (from as number); at++) bytes.push(0);
  return bytes;
}

export { Bytes as Uint8Array };
