import type { FastifyDynamicSwaggerOptions } from '@fastify/swagger';
import { FILES_COOKIE } from './attachments/files-cookie.js';
import type { ServerInfo } from './server-info.js';

/** Returns the options of the OpenAPI document, apart from the routes, which their schemas describe. */
export function openApiOptions({ name, version }: Pick<ServerInfo, 'name' | 'version'>): FastifyDynamicSwaggerOptions {
  return {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: `${name}: REST`,
        version,
        description:
          'Bodies are JSON, except for files. Tokens are only sent in the Authorization header, secrets of invitation and reset links only in bodies. Every refusal has a stable code. Requests are limited for each address: `x-ratelimit-limit`, `x-ratelimit-remaining` and `x-ratelimit-reset` (seconds) come with answers, `retry-after` with a refusal if the time to retry is known. `/healthz` and `/readyz` are for supervisors. Live events arrive over a session, which docs/spec describes.',
      },
      components: {
        securitySchemes: {
          bearer: { type: 'http', scheme: 'bearer' },
          filesCookie: {
            type: 'apiKey',
            in: 'cookie',
            name: FILES_COOKIE,
            description: 'Authorizes reading files and nothing else; set by `POST /api/files/cookie`.',
          },
        },
      },
    },
    // Health checks, the documentation page and the chat page are not part of the interface.
    transform: ({ schema, url }) => ({ schema: { ...schema, hide: !isDescribed(url) }, url }),
  };
}

function isDescribed(url: string): boolean {
  return url.startsWith('/api/') && !url.startsWith('/api/docs');
}
