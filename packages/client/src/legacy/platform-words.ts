import { parse, stringify } from './json.js';
import { platform } from './platform.js';

/**
 * Replacements of globals that not every platform has. The build inserts them. Each is the platform's own object if
 * that exists.
 */

type Json = { readonly parse: (text: string) => unknown; readonly stringify: (value: unknown) => string };

const { JSON: json } = platform as { readonly JSON?: Json };

/** Replaces `JSON.parse`. */
export const parseJson: Json['parse'] = json ? (text) => json.parse(text) : parse;
/** Replaces `JSON.stringify`. */
export const stringifyJson: Json['stringify'] = json ? (value) => json.stringify(value) : stringify;

/** Replaces `new Uint8Array(buffer)`. A platform that has array buffers has `Uint8Array` too, which is then used. */
export { toBytes as Uint8Array } from './bytes.js';
