import { accountRoutes } from './account-routes.js';
import { administratorRoutes } from './administrator-routes.js';
import { admissionRoutes } from './admission-routes.js';
import type { ChatServerServices } from './chat-server-services.js';
import { commandRoutes } from './command-routes.js';
import { credentialRoutes } from './credential-routes.js';
import { liveRoutes } from './live-routes.js';
import { openApiRoutes } from './openapi-routes.js';
import { peopleRoutes } from './people-routes.js';
import { profileRoutes } from './profile-routes.js';
import type { RestRoute } from './rest-route.js';

/** Returns every route of the REST interface. */
export function restRoutes(services: ChatServerServices): readonly RestRoute[] {
  return [
    ...accountRoutes(services),
    ...profileRoutes(services),
    ...credentialRoutes(services),
    ...admissionRoutes(services),
    ...administratorRoutes(services),
    ...peopleRoutes(services),
    ...commandRoutes(services),
    ...liveRoutes(services),
    ...openApiRoutes(services),
  ];
}
