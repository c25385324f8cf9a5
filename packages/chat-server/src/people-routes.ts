import type { AdministeredAccount } from './account-administration.js';
import {
  administeredAnswer,
  administeredDevicesAnswer,
  administeredPeopleAnswer,
  deletionQuery,
  peopleQuery,
  resetLinkAnswer,
  roleRequest,
  userParams,
} from './administration-schemas.js';
import type { ChatServerServices } from './chat-server-services.js';
import { profile } from './profile.js';
import { type RestRoute, restRoute } from './rest-route.js';
import { meAnswer } from './rest-schemas.js';

/** Returns the routes for administrators to manage accounts. */
export function peopleRoutes({ administration, limits }: ChatServerServices): readonly RestRoute[] {
  const about = { right: 'administrator', pace: 'rest', params: userParams } as const;
  return [
    restRoute({
      method: 'GET',
      path: '/api/people',
      right: 'administrator',
      pace: 'rest',
      summary: 'List accounts by name, with role, state and when they were last seen',
      query: peopleQuery,
      status: 200,
      answer: administeredPeopleAnswer,
      refusals: [],
      handle: async ({ query: { query = '', state, after } }) => {
        const page = { after: after === undefined ? null : Number(after), limit: limits.accountsPageMax };
        const states = state === undefined ? (['active', 'suspended'] as const) : [state];
        const { accounts, next } = await administration.list(query, states, page);
        return { people: accounts.map(shown), next };
      },
    }),
    restRoute({
      ...about,
      method: 'GET',
      path: '/api/people/:id/devices',
      summary: 'List the devices of a user',
      status: 200,
      answer: administeredDevicesAnswer,
      refusals: ['not_found'],
      handle: async ({ params }) => ({
        devices: (await administration.devices(Number(params.id))).map((device) => {
          const { id, label, createdAt, usedAt, transport, connected } = device;
          return { id, label, createdAt, usedAt, transport, connected };
        }),
      }),
    }),
    restRoute({
      ...about,
      method: 'PATCH',
      path: '/api/people/:id/role',
      summary: 'Make an account an administrator or a member',
      body: roleRequest,
      status: 200,
      answer: meAnswer,
      refusals: ['not_found', 'last_administrator', 'denied'],
      handle: async ({ caller, params, body }) => ({
        me: profile(await administration.setRole(caller, Number(params.id), body.role)),
      }),
    }),
    restRoute({
      ...about,
      method: 'POST',
      path: '/api/people/:id/reset-link',
      pace: 'sign-in',
      summary: 'Create a link with which a member sets a new password, to pass on',
      status: 201,
      answer: resetLinkAnswer,
      refusals: ['not_found', 'denied'],
      handle: ({ caller, params }) => administration.createResetLink(caller, Number(params.id)),
    }),
    ...departureRoutes(administration),
  ];
}

function departureRoutes(administration: ChatServerServices['administration']): readonly RestRoute[] {
  const about = { right: 'administrator', pace: 'rest', params: userParams } as const;
  return [
    restRoute({
      ...about,
      method: 'POST',
      path: '/api/people/:id/suspend',
      summary: 'Suspend an account: its sessions end within a second and it cannot sign in',
      status: 200,
      answer: administeredAnswer,
      refusals: ['not_found', 'last_administrator'],
      handle: async ({ caller, params }) => ({
        person: shown(await administration.suspend(caller, Number(params.id))),
      }),
    }),
    restRoute({
      ...about,
      method: 'POST',
      path: '/api/people/:id/reactivate',
      summary: 'Let a suspended account sign in again',
      status: 200,
      answer: administeredAnswer,
      refusals: ['not_found'],
      handle: async ({ caller, params }) => ({
        person: shown(await administration.reactivate(caller, Number(params.id))),
      }),
    }),
    restRoute({
      ...about,
      method: 'POST',
      path: '/api/people/:id/sign-out',
      summary: 'Sign a user out everywhere',
      status: 204,
      refusals: ['not_found'],
      handle: ({ caller, params }) => administration.signOut(caller, Number(params.id)),
    }),
    restRoute({
      ...about,
      method: 'DELETE',
      path: '/api/people/:id',
      summary: 'Delete an account permanently, and choose whether its messages to others stay',
      query: deletionQuery,
      status: 204,
      refusals: ['not_found', 'last_administrator'],
      handle: ({ caller, params, query }) => administration.delete(caller, Number(params.id), query.texts),
    }),
  ];
}

function shown({ user, lastSeenAt, devices, connected }: AdministeredAccount) {
  const { id, name, displayName, avatar, role, state, createdAt } = user;
  return {
    id,
    name,
    displayName,
    role,
    state: state as Exclude<typeof state, 'deleted'>,
    createdAt,
    ...(avatar === '' ? {} : { avatar }),
    lastSeenAt,
    devices,
    connected,
  };
}
