import { callNow } from '@everywire/protocol/internal';
import { errorLocation } from '../error-location.js';
import type { GatewayHost } from './gateway-host.js';

/**
 * Wraps the application's `tokenOf`, which parses client input. If `tokenOf` throws or returns anything but a string,
 * returns no token and sends a notice.
 */
export function guardedTokenOf<From>(
  gateway: GatewayHost,
  tokenOf: (from: From) => string | undefined,
): (from: From) => string | undefined {
  return (from) => {
    try {
      const token: unknown = callNow('tokenOf', () => tokenOf(from));
      if (token === undefined || token === null) return undefined;
      if (typeof token === 'string') return token;
      throw new TypeError('tokenOf must return a string');
    } catch (error) {
      gateway.onNotice('handler_failed', `tokenOf failed: ${errorLocation(error)}`);
      return undefined;
    }
  };
}
