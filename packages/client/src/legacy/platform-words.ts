import { parse, stringify } from './json.js';
import { platform } from './platform.js';

/** Put by the build in the place of what not every platform has; each is the platform's own where there is one. */

type Json = { readonly parse: (text: string) => unknown; readonly stringify: (value: unknown) => string };

const { JSON: json } = platform as { readonly JSON?: Json };

export const parseJson: Json['parse'] = json ? (text) => json.parse(text) : parse;
export const stringifyJson: Json['stringify'] = json ? (value) => json.stringify(value) : stringify;

/** `new Uint8Array(buffer)`: where there is a buffer there is such a thing. */
export { toBytes as Uint8Array } from './bytes.js';
