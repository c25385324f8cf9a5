import Type from 'typebox';
import { fields, person } from './rest-schemas.js';
import { exactly, hexDigits } from './schema-parts.js';

/* Requests and answers about links: the first administrator, invitations, guests. */

const linkPosition = Type.String({
  pattern: '^[0-9]{1,16}_[0-9a-f-]{36}$',
  description: '`next` of the previous page.',
});

/** Body of `POST /api/setup` and `POST /api/join`: an account created by a link. */
export const accountRequest = exactly({
  secret: fields.secret,
  name: fields.name,
  displayName: Type.Optional(fields.displayName),
  password: fields.password,
  label: fields.label,
  email: Type.Optional(fields.email),
});

/** Body of `POST /api/link` and `POST /api/setup/claim`. */
export const secretRequest = exactly({ secret: fields.secret });

/** Answer of `POST /api/link`. */
export const linkAnswer = exactly({
  kind: Type.Enum(['setup', 'account', 'guest', 'reset']),
  by: Type.Union([person, Type.Null()], { description: 'The inviter; null if the link is not an invitation.' }),
  expiresAt: fields.millis,
});

/** Body of `POST /api/group-link`. */
export const groupLinkRequest = exactly({ conversation: Type.Integer({ minimum: 1 }), secret: hexDigits(32) });

/** Answer of `POST /api/group-link`: what a person with the link sees before joining, and who created it. */
export const groupLinkAnswer = exactly({
  kind: Type.Enum(['group', 'channel']),
  name: Type.String(),
  memberCount: Type.Integer(),
  by: Type.String({ description: 'The display name of the inviter.' }),
});

/** Body of `POST /api/guest`. */
export const joinAsGuestRequest = exactly({
  secret: fields.secret,
  displayName: fields.displayName,
  label: fields.label,
});

/** Body of `POST /api/upgrade`, by which a guest becomes a member. */
export const upgradeRequest = exactly({
  name: fields.name,
  displayName: Type.Optional(fields.displayName),
  password: fields.password,
  secret: Type.Optional(fields.secret),
});

/** Body of `POST /api/invitations`. */
export const invitationRequest = exactly({
  kind: Type.Enum(['account', 'guest']),
  label: Type.Optional(Type.String({ maxLength: 400 })),
  usesMax: Type.Integer({ minimum: 1, maximum: 1_000 }),
  days: Type.Integer({ minimum: 1, maximum: 365 }),
});

/** An invitation, without its secret. */
export const invitation = exactly({
  id: Type.String(),
  kind: Type.Enum(['account', 'guest']),
  label: Type.String(),
  by: Type.Union([Type.Integer(), Type.Null()]),
  createdAt: fields.millis,
  expiresAt: fields.millis,
  usesMax: Type.Integer(),
  uses: Type.Integer(),
});

/** Answer of `POST /api/invitations`. */
export const createdInvitationAnswer = exactly({
  invitation,
  secret: Type.String({ description: 'Goes into the fragment of a link; returned only once.' }),
});

/** Query of `GET /api/invitations`. */
export const invitationsQuery = exactly({ after: Type.Optional(linkPosition) });

/** Answer of `GET /api/invitations`, one page. */
export const invitationsAnswer = exactly({
  invitations: Type.Array(invitation, { description: 'The oldest first.' }),
  next: Type.Union([Type.String(), Type.Null()], { description: '`after` of the next page; null if there is none.' }),
});
