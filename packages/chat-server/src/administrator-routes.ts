import type { ChatServerServices } from './chat-server-services.js';
import { RestRefusal } from './error-codes.js';
import { profile } from './profile.js';
import type { Registration, RegistrationMode } from './registration.js';
import { type RestRoute, restRoute } from './rest-route.js';
import { countersAnswer, meAnswer, roleRequest, settingsAnswer, settingsRequest, userParams } from './rest-schemas.js';

/** What an administrator decides. */
export function administratorRoutes({ accounts, registration, counters }: ChatServerServices): readonly RestRoute[] {
  return [
    restRoute({
      ...{ method: 'GET', path: '/api/settings', summary: 'Who may come in', right: 'administrator', pace: 'rest' },
      ...{ status: 200, answer: settingsAnswer, refusals: [] },
      handle: () => settingsOf(registration),
    }),
    restRoute({
      ...{ method: 'PATCH', path: '/api/settings', right: 'administrator', pace: 'rest' },
      summary: 'Decide who may come in, from now on',
      ...{ body: settingsRequest, status: 200, answer: settingsAnswer, refusals: [] },
      handle: async ({ body }) => {
        await registration.choose(body.registration);
        return settingsOf(registration);
      },
    }),
    restRoute({
      ...{ method: 'GET', path: '/api/counters', right: 'administrator', pace: 'rest' },
      summary: 'How often each notice of the transport was given since the start',
      ...{ status: 200, answer: countersAnswer, refusals: [] },
      handle: async () => ({ counters: counters() }),
    }),
    restRoute({
      ...{ method: 'PATCH', path: '/api/people/:id/role', right: 'administrator', pace: 'rest' },
      summary: 'Make an account an administrator, or no longer',
      ...{ params: userParams, body: roleRequest, status: 200, answer: meAnswer },
      refusals: ['not_found', 'last_administrator', 'denied'],
      handle: async ({ params, body }) => {
        const [user] = await accounts.users([Number(params.id)]);
        if (user === undefined) throw new RestRefusal('not_found');
        // A guest has nothing to sign in by: an account is made of it by the guest alone.
        if (user.role === 'guest') throw new RestRefusal('denied');
        const changed = await accounts.changeUser(user.id, { role: body.role });
        if (changed.outcome === 'changed') return { me: profile(changed.user) };
        throw new RestRefusal(changed.outcome === 'last_administrator' ? 'last_administrator' : 'not_found');
      },
    }),
  ];
}

interface Settings {
  readonly registration: RegistrationMode;
  readonly chosen: RegistrationMode | null;
  readonly configured: RegistrationMode;
}

async function settingsOf(registration: Registration): Promise<Settings> {
  const chosen = await registration.chosen();
  return { registration: chosen ?? registration.configured, chosen, configured: registration.configured };
}
