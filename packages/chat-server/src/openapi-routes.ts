import type { FastifyInstance } from 'fastify';
import type { Static } from 'typebox';
import type { ChatServerServices } from './chat-server-services.js';
import { completeOpenApi } from './complete-openapi.js';
import { ConstantDocument } from './constant-document.js';
import { renderRestPage, restPageStyle } from './rest-page.js';
import { type RestRoute, restRoute } from './rest-route.js';
import { openApiAnswer } from './rest-schemas.js';

/** The description of the REST interface, for programs. */
export function openApiRoutes({ describe }: ChatServerServices): readonly RestRoute[] {
  return [
    restRoute({
      ...{ method: 'GET', path: '/api/openapi.json', summary: 'This description', right: 'anyone', pace: 'rest' },
      ...{ status: 200, answer: openApiAnswer, refusals: [], constant: true },
      handle: async () => completeOpenApi({ ...describe() }) as Static<typeof openApiAnswer>,
    }),
  ];
}

/** The same for people: a page without script, and its own style, as the content security policy wants it. */
export function addRestPage(app: FastifyInstance, describe: ChatServerServices['describe']): void {
  const config = { rateLimit: { groupId: 'rest' } };
  const page = new ConstantDocument('text/html; charset=utf-8', () => renderRestPage(describe()));
  const style = new ConstantDocument('text/css; charset=utf-8', () => restPageStyle);
  app.get('/api/docs', { config }, (request, reply) => page.answer(request, reply));
  app.get('/api/docs.css', { config }, (request, reply) => style.answer(request, reply));
}
