import type { AccountLink, LinkPosition } from '@everywire/chat';
import { signedIn } from './account-routes.js';
import {
  accountRequest,
  createdInvitationAnswer,
  groupLinkAnswer,
  groupLinkRequest,
  invitationRequest,
  invitationsAnswer,
  invitationsQuery,
  joinAsGuestRequest,
  linkAnswer,
  secretRequest,
  upgradeRequest,
} from './admission-schemas.js';
import type { ChatServerServices } from './chat-server-services.js';
import { RestRefusal } from './error-codes.js';
import { profile } from './profile.js';
import { type RestRoute, restRoute } from './rest-route.js';
import { idParams, meAnswer, signedInAnswer } from './rest-schemas.js';

const ofAccount = ['name_invalid', 'name_misleading', 'password_invalid', 'email_invalid', 'name_taken'] as const;

/** Returns the routes for the links that admit users: set-up links, invitations, and guests by invitations. */
export function admissionRoutes({ admission, readInvitation }: ChatServerServices): readonly RestRoute[] {
  return [
    restRoute({
      method: 'POST',
      path: '/api/link',
      summary: 'Describe a link',
      right: 'anyone',
      pace: 'sign-in',
      body: secretRequest,
      status: 200,
      answer: linkAnswer,
      refusals: ['link_ended'],
      handle: async ({ body }) => {
        const { link, by } = await admission.look(body.secret);
        return { kind: link.kind, by: by === null ? null : profile(by), expiresAt: link.expiresAt };
      },
    }),
    restRoute({
      method: 'POST',
      path: '/api/group-link',
      summary: 'Describe a link to a group or channel',
      right: 'anyone',
      pace: 'sign-in',
      body: groupLinkRequest,
      status: 200,
      answer: groupLinkAnswer,
      refusals: ['not_found', 'invite_ended'],
      handle: async ({ body }) => {
        const found = await readInvitation(body);
        if (typeof found === 'string') throw new RestRefusal(found);
        const { kind, name, memberCount } = found.outline;
        return {
          kind: kind === 'channel' ? kind : ('group' as const),
          name,
          memberCount,
          by: found.by?.displayName ?? '',
        };
      },
    }),
    restRoute({
      method: 'POST',
      path: '/api/setup',
      summary: 'Create the first administrator',
      right: 'anyone',
      pace: 'sign-in',
      body: accountRequest,
      status: 201,
      answer: signedInAnswer,
      refusals: ['link_ended', ...ofAccount],
      handle: async ({ body }) => signedIn(await admission.setUp(body)),
    }),
    restRoute({
      method: 'POST',
      path: '/api/setup/claim',
      summary: 'Become the first administrator',
      right: 'member',
      pace: 'sign-in',
      body: secretRequest,
      status: 200,
      answer: meAnswer,
      refusals: ['link_ended'],
      handle: async ({ caller, body }) => ({ me: profile(await admission.claim(caller, body.secret)) }),
    }),
    ...joiningRoutes({ admission }),
    ...invitationRoutes({ admission }),
  ];
}

/** Returns the routes for users who have an invitation. */
function joiningRoutes({ admission }: Pick<ChatServerServices, 'admission'>): readonly RestRoute[] {
  return [
    restRoute({
      method: 'POST',
      path: '/api/join',
      summary: 'Create an account with an invitation',
      right: 'anyone',
      pace: 'sign-in',
      body: accountRequest,
      status: 201,
      answer: signedInAnswer,
      refusals: ['link_ended', 'registration_closed', ...ofAccount],
      handle: async ({ body }) => signedIn(await admission.join(body)),
    }),
    restRoute({
      method: 'POST',
      path: '/api/guest',
      summary: 'Join as a guest with an invitation',
      right: 'anyone',
      pace: 'sign-in',
      body: joinAsGuestRequest,
      status: 201,
      answer: signedInAnswer,
      refusals: ['link_ended', 'registration_closed', 'name_invalid'],
      handle: async ({ body }) => signedIn(await admission.joinAsGuest(body)),
    }),
    restRoute({
      method: 'POST',
      path: '/api/upgrade',
      summary: 'Turn a guest into an account',
      right: 'person',
      pace: 'sign-in',
      body: upgradeRequest,
      status: 200,
      answer: meAnswer,
      refusals: [
        'denied',
        'registration_closed',
        'invitation_required',
        'link_ended',
        'name_invalid',
        'name_misleading',
        'password_invalid',
        'name_taken',
      ],
      handle: async ({ caller, body }) => ({ me: profile(await admission.upgrade(caller, body)) }),
    }),
  ];
}

function invitationRoutes({ admission }: Pick<ChatServerServices, 'admission'>): readonly RestRoute[] {
  return [
    restRoute({
      method: 'POST',
      path: '/api/invitations',
      summary: 'Create an invitation link',
      right: 'member',
      pace: 'rest',
      body: invitationRequest,
      status: 201,
      answer: createdInvitationAnswer,
      refusals: ['too_many'],
      handle: async ({ caller, body }) => {
        const { link, secret } = await admission.invite(caller, body);
        return { invitation: invitation({ ...link, uses: 0 }), secret };
      },
    }),
    restRoute({
      method: 'GET',
      path: '/api/invitations',
      right: 'member',
      pace: 'rest',
      summary: 'List usable invitations; for an administrator, those of all users',
      query: invitationsQuery,
      status: 200,
      answer: invitationsAnswer,
      refusals: [],
      handle: async ({ caller, query: { after } }) => {
        const { invitations, next } = await admission.invitations(
          caller,
          after === undefined ? null : parsePosition(after),
        );
        return { invitations: invitations.map(invitation), next: next && `${next.createdAt}_${next.id}` };
      },
    }),
    restRoute({
      method: 'DELETE',
      path: '/api/invitations/:id',
      summary: 'End an invitation',
      right: 'member',
      pace: 'rest',
      params: idParams,
      status: 204,
      refusals: ['not_found'],
      handle: ({ caller, params }) => admission.revoke(caller, params.id),
    }),
  ];
}

/** Parses a position; the query's pattern has validated it. */
function parsePosition(after: string): LinkPosition {
  const [createdAt, id = ''] = after.split('_');
  return { createdAt: Number(createdAt), id };
}

function invitation({ id, kind, label, user, createdAt, expiresAt, usesMax, uses }: AccountLink) {
  const kept = kind === 'guest' ? kind : ('account' as const);
  return { id, kind: kept, label, by: user, createdAt, expiresAt, usesMax, uses } as const;
}
