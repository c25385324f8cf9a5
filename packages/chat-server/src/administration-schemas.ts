import Type from 'typebox';
import { devicesAnswer } from './account-schemas.js';
import { fields } from './rest-schemas.js';
import { exactly } from './schema-parts.js';

/* Requests and answers of administrators about the accounts of other users, and about the server. */

const USER_PATTERN = '^[1-9][0-9]{0,14}$';

const state = Type.Enum(['active', 'suspended']);

const administered = exactly({
  id: Type.Integer({ minimum: 1 }),
  name: Type.String(),
  displayName: Type.String(),
  avatar: Type.Optional(Type.String()),
  role: fields.role,
  state,
  createdAt: fields.millis,
  lastSeenAt: Type.Union([fields.millis, Type.Null()], { description: 'To the minute; null if never.' }),
  devices: Type.Integer({ description: 'Usable sign-ins; excludes tokens of a host application.' }),
  connected: Type.Boolean(),
});

const { current: _current, ...device } = devicesAnswer.properties.devices.items.properties;

/** Parameters of the routes below `/api/people/:id`. */
export const userParams = exactly({ id: Type.String({ pattern: USER_PATTERN }) });

/** Body of `PATCH /api/people/:id/role`. */
export const roleRequest = exactly({ role: Type.Enum(['member', 'administrator']) });

/** Answer of `POST /api/people/:id/reset-link`. */
export const resetLinkAnswer = exactly({
  secret: Type.String({ description: 'The link is `/#/reset/` followed by it; returned only once.' }),
  expiresAt: fields.millis,
});

/** Query of `GET /api/people`. */
export const peopleQuery = exactly({
  query: Type.Optional(Type.String({ maxLength: 200, description: 'A part of a name.' })),
  state: Type.Optional(state),
  after: Type.Optional(Type.String({ pattern: USER_PATTERN, description: '`next` of the previous page.' })),
});

/** Answer of the routes that change one account. */
export const administeredAnswer = exactly({ person: administered });

/** Answer of `GET /api/people`, one page. */
export const administeredPeopleAnswer = exactly({
  people: Type.Array(administered),
  next: Type.Union([Type.Integer(), Type.Null()], { description: '`after` of the next page; null if there is none.' }),
});

/** Answer of `GET /api/people/:id/devices`: another user's devices, so none is the current one. */
export const administeredDevicesAnswer = exactly({ devices: Type.Array(exactly(device)) });

/** Query of `DELETE /api/people/:id`. */
export const deletionQuery = exactly({
  texts: Type.Enum(['keep', 'remove'], {
    description: 'What happens to messages of the account to others: `keep` leaves them, `remove` recalls them.',
  }),
});

/** Answer of `GET /api/counters`: how often each notice was given since the start. */
export const countersAnswer = exactly({
  counters: Type.Record(Type.String(), Type.Integer(), { description: 'By the code of the notice.' }),
});
