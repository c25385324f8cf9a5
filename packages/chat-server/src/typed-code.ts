import { randomBytes } from 'node:crypto';
import { Secret } from 'otpauth';

/** 80 bits each: a hash of one that leaks is not guessed. */
const codeBytes = 10;

/** A random code that people read in one place and type in another: 16 letters and digits of base32. */
export function mintTypedCode(): string {
  return new Secret({ buffer: new Uint8Array(randomBytes(codeBytes)).buffer }).base32;
}

/** As it is shown: in groups of four. */
export function groupCode(code: string): string {
  return code.replace(/(.{4})(?=.)/g, '$1-');
}

/** As it was made, of what somebody typed: with spaces, hyphens, small letters. */
export function plainCode(typed: string): string {
  return typed.replace(/[\s-]/g, '').toUpperCase();
}
