import type { CommandId } from '@everywire/chat';

const TIME_DIGITS = 12;
const ID_DIGITS = 32;

/**
 * Mints the id that makes a command happen once (CH-18): 32 lower-case hex digits, from this clock's milliseconds and 80 random
 * bits. Ids of about the same time have a common prefix, so a server that stores them in order writes them next to each other;
 * correctness does not depend on it, nor on the clock.
 */
export function mintId(): CommandId {
  return (Date.now().toString(16).padStart(TIME_DIGITS, '0') + randomHex()).slice(0, ID_DIGITS);
}

/** Mints an unguessable secret: 128 random bits as 32 lower-case hex digits. */
export function mintSecret(): string {
  return randomHex();
}

/** Does not use `crypto.randomUUID`, which plain http lacks. */
function randomHex(): string {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}
