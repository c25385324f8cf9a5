import { countersAnswer } from './administration-schemas.js';
import type { ChatServerServices } from './chat-server-services.js';
import { settingsAnswer, settingsRequest } from './place-schemas.js';
import type { Registration, RegistrationMode } from './registration.js';
import { type RestRoute, restRoute } from './rest-route.js';

/** Returns the routes for the settings and counters that administrators use. */
export function administratorRoutes({ registration, counters }: ChatServerServices): readonly RestRoute[] {
  return [
    restRoute({
      method: 'GET',
      path: '/api/settings',
      summary: 'Read who may register',
      right: 'administrator',
      pace: 'rest',
      status: 200,
      answer: settingsAnswer,
      refusals: [],
      handle: () => settingsOf(registration),
    }),
    restRoute({
      method: 'PATCH',
      path: '/api/settings',
      right: 'administrator',
      pace: 'rest',
      summary: 'Change who may register',
      body: settingsRequest,
      status: 200,
      answer: settingsAnswer,
      refusals: [],
      handle: async ({ body }) => {
        await registration.choose(body.registration);
        return settingsOf(registration);
      },
    }),
    restRoute({
      method: 'GET',
      path: '/api/counters',
      right: 'administrator',
      pace: 'rest',
      summary: 'Count the notices of the transport since the start, by code',
      status: 200,
      answer: countersAnswer,
      refusals: [],
      handle: async () => ({ counters: counters() }),
    }),
  ];
}

/** The registration modes: in effect, chosen by an administrator (`null`: none), and configured by the operator. */
interface Settings {
  readonly registration: RegistrationMode;
  readonly chosen: RegistrationMode | null;
  readonly configured: RegistrationMode;
}

async function settingsOf(registration: Registration): Promise<Settings> {
  const chosen = await registration.chosen();
  return { registration: chosen ?? registration.configured, chosen, configured: registration.configured };
}
