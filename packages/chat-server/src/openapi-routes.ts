import type { FastifyInstance } from 'fastify';
import type { ChatServerServices } from './chat-server-services.js';
import { renderRestPage, restPageStyle } from './rest-page.js';
import { type RestRoute, restRoute } from './rest-route.js';
import { openApiAnswer } from './rest-schemas.js';

/** The description of the REST interface, for programs. */
export function openApiRoutes({ describe }: ChatServerServices): readonly RestRoute[] {
  return [
    restRoute({
      ...{ method: 'GET', path: '/api/openapi.json', summary: 'This description', right: 'anyone', pace: 'rest' },
      ...{ status: 200, answer: openApiAnswer, refusals: [] },
      handle: async () => describe(),
    }),
  ];
}

/** The same for people: a page without script, and its own style, as the content security policy wants it. */
export function addRestPage(app: FastifyInstance, describe: ChatServerServices['describe']): void {
  const config = { rateLimit: { groupId: 'rest' } };
  let page: string | null = null;
  app.get('/api/docs', { config }, async (_request, reply) => {
    page ??= renderRestPage(describe());
    return reply.type('text/html; charset=utf-8').send(page);
  });
  app.get('/api/docs.css', { config }, async (_request, reply) =>
    reply.type('text/css; charset=utf-8').send(restPageStyle),
  );
}
