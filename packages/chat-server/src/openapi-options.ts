import type { FastifyDynamicSwaggerOptions } from '@fastify/swagger';
import { filesCookie } from './attachments/files-cookie.js';
import type { Place } from './place.js';

/** What the OpenAPI document says besides the routes, whose part comes from the schemas that check them. */
export function openApiOptions({ name, version }: Pick<Place, 'name' | 'version'>): FastifyDynamicSwaggerOptions {
  return {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: `${name}: REST`,
        version,
        description:
          'Bodies are JSON, those of files aside. Tokens travel in the Authorization header alone, secrets of links in bodies alone. Every refusal has a stable code. Requests are limited for each address: `x-ratelimit-limit`, `x-ratelimit-remaining` and `x-ratelimit-reset` (seconds) come with answers, `retry-after` with a refusal that knows when to try again. `/healthz` and `/readyz` are for supervisors; the session is described in docs/spec.',
      },
      components: {
        securitySchemes: {
          bearer: { type: 'http', scheme: 'bearer' },
          filesCookie: {
            ...{ type: 'apiKey', in: 'cookie', name: filesCookie },
            description: 'Reads files and does nothing else; `POST /api/files/cookie` gives it.',
          },
        },
      },
    },
    // Health checks, the readable page and the files of the chat's page are no part of the interface.
    transform: ({ schema, url }) => ({ schema: { ...schema, hide: !isDescribed(url) }, url }),
  };
}

function isDescribed(url: string): boolean {
  return url.startsWith('/api/') && !url.startsWith('/api/docs');
}
