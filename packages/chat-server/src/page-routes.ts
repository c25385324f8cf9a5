import { existsSync } from 'node:fs';
import { join } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance } from 'fastify';
import { chooseCoding } from './content-coding.js';

const YEAR_SECONDS = 365 * 24 * 60 * 60;

/**
 * Serves the built page from `directory`. Files under `assets/` have a content hash in their name, so browsers may cache
 * them for ever; all others are fetched each time. The build has compressed them: `FILE.br` or `FILE.gz` is sent if
 * it exists and the client accepts it. Returns false if there is no built page; then `/` says how to build it.
 */
export async function addPageRoutes(app: FastifyInstance, directory: string | null): Promise<boolean> {
  if (directory === null || !existsSync(join(directory, 'index.html'))) {
    app.get('/', async (_request, reply) => {
      reply.code(503).type('text/plain; charset=utf-8').header('cache-control', 'no-store');
      return 'The server runs, but the page is not built. Run: npm run build\n';
    });
    return false;
  }
  await app.register(async (scope) => {
    // `@fastify/static` takes `*` for gzip even where gzip is refused by name.
    scope.addHook('onRequest', async ({ headers }) => {
      headers['accept-encoding'] = chooseCoding(headers['accept-encoding']) ?? 'identity';
    });
    await scope.register(fastifyStatic, {
      root: directory,
      preCompressed: true,
      cacheControl: false,
      // Both tell files apart by size and time of change. In a package all files have the same time, and the pages of two
      // releases the same size: a browser would keep the page of the release before.
      etag: false,
      lastModified: false,
      setHeaders: (reply, path) => {
        const hashed = path.startsWith(join(directory, 'assets'));
        reply.header('cache-control', hashed ? `public, max-age=${YEAR_SECONDS}, immutable` : 'no-cache');
      },
    });
  });
  return true;
}
