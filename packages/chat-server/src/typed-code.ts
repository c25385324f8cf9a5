import { randomBytes } from 'node:crypto';
import { Secret } from 'otpauth';

/** 80 random bits, so that a leaked hash of a code cannot be reversed by guessing. */
const CODE_BYTES = 10;

/** Returns a random code that users read in one place and type in another: 16 letters and digits of base32. */
export function mintTypedCode(): string {
  return new Secret({ buffer: new Uint8Array(randomBytes(CODE_BYTES)).buffer }).base32;
}

/** Formats a code for display, in groups of four. */
export function groupCode(code: string): string {
  return code.replace(/(.{4})(?=.)/g, '$1-');
}

/** Normalizes a typed code, which may have spaces, hyphens and lower-case letters. */
export function plainCode(typed: string): string {
  return typed.replace(/[\s-]/g, '').toUpperCase();
}
