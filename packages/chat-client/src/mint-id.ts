import type { CommandId } from '@everywire/chat';

const TIME_DIGITS = 12;
const ID_DIGITS = 32;

/**
 * Generates the id of a command. By this id, the server recognises repetitions and executes the command only once
 * (CH-18). The id has 32 lower-case hex digits: this device's time in milliseconds (12 digits) and 80 random bits (20
 * digits).
 *
 * Ids of about the same time have a common prefix, so a server that stores ids in order writes them next to each other.
 * This only saves time: a wrong clock does no harm.
 */
export function mintId(): CommandId {
  return (Date.now().toString(16).padStart(TIME_DIGITS, '0') + randomHex()).slice(0, ID_DIGITS);
}

/** Generates an unguessable secret: 128 random bits as 32 lower-case hex digits. */
export function mintSecret(): string {
  return randomHex();
}

/**
 * Returns 128 random bits in hex. Does not use `crypto.randomUUID`, which does not exist on pages loaded by plain HTTP.
 */
function randomHex(): string {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}
