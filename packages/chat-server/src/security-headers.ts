import type { IncomingMessage } from 'node:http';
import type { FastifyHelmetOptions } from '@fastify/helmet';

/** Matches a `Host` header that is safe to repeat in the policy. */
const plainHost = /^[A-Za-z0-9.-]+(:\d{1,5})?$|^\[[0-9A-Fa-f:]+\](:\d{1,5})?$/;

/**
 * The security headers of all answers. The page may use only content from this server: no inline scripts or styles, no
 * frames. Safari before 15.4 does not count a WebSocket to the same host as `'self'`, so the host is named as well.
 */
export const securityHeaders: FastifyHelmetOptions = {
  contentSecurityPolicy: {
    useDefaults: false,
    directives: {
      'default-src': ["'none'"],
      'script-src': ["'self'"],
      'style-src': ["'self'"],
      'connect-src': ["'self'", (request) => webSocketSources(request)],
      'img-src': ["'self'", 'data:', 'blob:'],
      'media-src': ["'self'"],
      'font-src': ["'self'"],
      'manifest-src': ["'self'"],
      'worker-src': ["'self'"],
      'base-uri': ["'none'"],
      'form-action': ["'self'"],
      'frame-ancestors': ["'none'"],
    },
  },
  // Only for this host, because a chat on a company's domain must not decide for other hosts. Browsers ignore it over HTTP.
  strictTransportSecurity: { maxAge: 15_552_000, includeSubDomains: false },
  referrerPolicy: { policy: 'no-referrer' },
  xFrameOptions: { action: 'deny' },
};

function webSocketSources(request: IncomingMessage): string {
  const host = request.headers.host;
  return host !== undefined && plainHost.test(host) ? `ws://${host} wss://${host}` : "'self'";
}
