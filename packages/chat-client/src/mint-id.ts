import type { CommandId } from '@everywire/chat';

const TIME_DIGITS = 12;
const ID_DIGITS = 32;

/**
 * What makes a command happen once (CH-18), as 32 lower-case hex digits: the milliseconds of this clock, and 80 random bits. Ids of one time
 * begin alike, so that a server which keeps them in order writes them beside each other; nothing depends on it, nor on the clock being right.
 */
export function mintId(): CommandId {
  return (Date.now().toString(16).padStart(TIME_DIGITS, '0') + randomHex()).slice(0, ID_DIGITS);
}

/** 128 random bits as 32 lower-case hex digits: nobody guesses it. */
export function mintSecret(): string {
  return randomHex();
}

/** Works on plain http too. */
function randomHex(): string {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}
