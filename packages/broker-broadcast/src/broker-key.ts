import { createSecretKey, type KeyObject } from 'node:crypto';
import { BrokerError } from './broker-error.js';

/** A secret that all brokers of an installation have. */
export type BrokerKey = string | Uint8Array;

/** A shorter key could be guessed. */
const KEY_BYTES_MIN = 32;

let wasWarned = false;

/**
 * Checks a key before anything is opened.
 *
 * @throws BrokerError `key_too_short`
 */
export function checkKey(key: BrokerKey | undefined): void {
  if (key !== undefined && Buffer.byteLength(key) < KEY_BYTES_MIN) throw new BrokerError('key_too_short');
}

/**
 * Returns the key in the form for signatures. Without a key returns `null`, and warns the first time.
 *
 * @throws BrokerError `key_too_short`
 */
export function keyOf(key: BrokerKey | undefined): KeyObject | null {
  checkKey(key);
  if (key !== undefined) return createSecretKey(Buffer.from(key as Uint8Array));
  if (!wasWarned)
    process.emitWarning(
      'Server nodes believe any program that may write to the message service. Give all brokers the same secret `key`.',
      { code: 'EVERYWIRE_BROKER_WITHOUT_KEY' },
    );
  wasWarned = true;
  return null;
}
