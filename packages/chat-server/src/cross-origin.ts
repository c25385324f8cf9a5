import { createOriginList } from '@everywire/server/internal';
import type { FastifyInstance } from 'fastify';
import type { ChatServerLimits } from './limits.js';
import { isRestPath } from './rest-path.js';

/** The headers that the routes use, and those of tus (protocol 1.0.0, "Headers"). */
const METHODS = 'GET, POST, PUT, PATCH, DELETE';
const asked = ['Authorization', 'Content-Type', 'Tus-Resumable', 'Upload-Length', 'Upload-Metadata', 'Upload-Offset'];
const answered = ['Retry-After', 'Location', 'Tus-Resumable', 'Upload-Length', 'Upload-Offset'];

/**
 * Permits pages of the given origins (compared as by the transport) to use the REST interface. Pages of other origins get no
 * permission, and without it a browser does not let a page send JSON. Cookies are not permitted. The transport checks
 * the origins of sessions itself.
 */
export function addCrossOrigin(
  app: FastifyInstance,
  origins: readonly string[],
  { preflightSeconds }: Pick<ChatServerLimits, 'preflightSeconds'>,
): void {
  const isListed = createOriginList(origins);
  app.addHook('onRequest', async (request, reply) => {
    if (!isRestPath(request.url)) return;
    reply.header('vary', 'Origin');
    const { origin } = request.headers;
    if (origin === undefined || !isListed(origin)) return;
    reply.header('access-control-allow-origin', origin);
    reply.header('access-control-expose-headers', answered.join(', '));
    if (request.method !== 'OPTIONS') return;
    reply.header('access-control-allow-methods', METHODS);
    reply.header('access-control-allow-headers', asked.join(', '));
    reply.header('access-control-max-age', preflightSeconds);
    return reply.code(204).send();
  });
}
