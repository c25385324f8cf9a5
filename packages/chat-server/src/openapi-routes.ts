import type { FastifyInstance } from 'fastify';
import type { Static } from 'typebox';
import type { ChatServerServices } from './chat-server-services.js';
import { completeOpenApi } from './complete-openapi.js';
import { ConstantDocument } from './constant-document.js';
import { REST_PAGE_STYLE, renderRestPage } from './rest-page.js';
import { type RestRoute, restRoute } from './rest-route.js';
import { openApiAnswer } from './rest-schemas.js';

/** Returns the route of the machine-readable description of the REST interface. */
export function openApiRoutes({ describe }: ChatServerServices): readonly RestRoute[] {
  return [
    restRoute({
      method: 'GET',
      path: '/api/openapi.json',
      summary: 'Return this description',
      right: 'anyone',
      pace: 'rest',
      status: 200,
      answer: openApiAnswer,
      refusals: [],
      constant: true,
      handle: async () => completeOpenApi({ ...describe() }) as Static<typeof openApiAnswer>,
    }),
  ];
}

/**
 * Adds the same description as a page for people, without scripts and with its own style sheet, as the content security
 * policy requires.
 */
export function addRestPage(app: FastifyInstance, describe: ChatServerServices['describe']): void {
  const config = { rateLimit: { groupId: 'rest' } };
  const page = new ConstantDocument('text/html; charset=utf-8', () => renderRestPage(describe()));
  const style = new ConstantDocument('text/css; charset=utf-8', () => REST_PAGE_STYLE);
  app.get('/api/docs', { config }, (request, reply) => page.answer(request, reply));
  app.get('/api/docs.css', { config }, (request, reply) => style.answer(request, reply));
}
