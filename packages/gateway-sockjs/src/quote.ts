/**
 * Characters that some browsers change or drop, beyond those that JSON escapes (SockJS 0.3.3, "JSON Unicode Encoding").
 */
const FRAGILE = /[\u200c-\u200f\u2028-\u202f\u2060-\u206f\ufff0-\uffff]/g;

/** Encodes a text as a JSON string that every browser reads unchanged. */
export function quote(text: string): string {
  return JSON.stringify(text).replaceAll(FRAGILE, (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
