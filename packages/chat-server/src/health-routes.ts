import type { FastifyInstance } from 'fastify';

/**
 * Why the server should get no new traffic. `store`: the last commit failed. `full`: it failed because the disk is
 * full; reading works. `damaged`: a part of the store is damaged; the rest is served.
 */
export type NotReady = 'starting' | 'stopping' | 'store' | 'full' | 'damaged';

/** Adds the routes for load balancers and supervisors: public, never cached, and revealing only the status. */
export function addHealthRoutes(app: FastifyInstance, notReady: () => NotReady | null): void {
  app.get('/healthz', async (_request, reply) => {
    reply.header('cache-control', 'no-store');
    return { status: 'ok' };
  });
  app.get('/readyz', async (_request, reply) => {
    reply.header('cache-control', 'no-store');
    const reason = notReady();
    if (reason === null) return { status: 'ready' };
    reply.code(503);
    return { status: 'not ready', code: reason };
  });
}
