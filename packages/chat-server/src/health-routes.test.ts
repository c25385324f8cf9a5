import fastify from 'fastify';
import { expect, test } from 'vitest';
import { addHealthRoutes, type NotReady } from './health-routes.js';

test.each<[NotReady | null, number, unknown]>([
  [null, 200, { status: 'ready' }],
  ['starting', 503, { status: 'not ready', code: 'starting' }],
  ['stopping', 503, { status: 'not ready', code: 'stopping' }],
  ['store', 503, { status: 'not ready', code: 'store' }],
  ['damaged', 503, { status: 'not ready', code: 'damaged' }],
  ['full', 503, { status: 'not ready', code: 'full' }],
])(
  'while not ready for the reason %s, readyz answers %i, uncached, and healthz still answers',
  async (reason, status, body) => {
    const app = fastify();
    addHealthRoutes(app, () => reason);
    const [health, ready] = [await app.inject('/healthz'), await app.inject('/readyz')];
    await app.close();
    expect([health.statusCode, health.headers['cache-control']]).toEqual([200, 'no-store']);
    expect([ready.statusCode, ready.json(), ready.headers['cache-control']]).toEqual([status, body, 'no-store']);
  },
);
