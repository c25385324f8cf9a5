import { errorLocation } from '../error-location.js';
import type { GatewayHost } from './gateway-host.js';

/**
 * Wraps the application's `tokenOf`, which parses client input. If `tokenOf` throws, returns no token and sends a
 * notice.
 */
export function guardedTokenOf<From>(
  gateway: GatewayHost,
  tokenOf: (from: From) => string | undefined,
): (from: From) => string | undefined {
  return (from) => {
    try {
      return tokenOf(from);
    } catch (error) {
      gateway.onNotice('handler_failed', `tokenOf failed: ${errorLocation(error)}`);
      return undefined;
    }
  };
}
