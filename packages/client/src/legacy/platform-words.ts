import { parse, stringify } from './json.js';
import { platform } from './platform.js';

/** Replacements, inserted by the build, of globals that not every platform has. Each is the platform's own if it exists. */

type Json = { readonly parse: (text: string) => unknown; readonly stringify: (value: unknown) => string };

const { JSON: json } = platform as { readonly JSON?: Json };

/** Replaces `JSON.parse`. */
export const parseJson: Json['parse'] = json ? (text) => json.parse(text) : parse;
/** Replaces `JSON.stringify`. */
export const stringifyJson: Json['stringify'] = json ? (value) => json.stringify(value) : stringify;

/** Replaces `new Uint8Array(buffer)`. A platform with buffers has the real one. */
export { toBytes as Uint8Array } from './bytes.js';
