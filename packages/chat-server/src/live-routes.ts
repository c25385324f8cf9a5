import Type from 'typebox';
import type { ChatServerServices } from './chat-server-services.js';
import { answerSchemas } from './command-answers.js';
import { requestSchemas } from './command-schemas.js';
import { RestRefusal } from './error-codes.js';
import { type RestRoute, restRoute } from './rest-route.js';

const { command: _name, i: _number, ...typingFields } = requestSchemas.typing.properties;
const typingRequest = Type.Object(typingFields, { additionalProperties: false });

const presenceQuery = Type.Object(
  {
    users: Type.String({ pattern: '^[1-9][0-9]{0,14}(,[1-9][0-9]{0,14})*$', description: 'Ids, separated by commas.' }),
  },
  { additionalProperties: false },
);
/**
 * Returns the REST routes for typing and presence. Without a session there are no updates, so each call sends or reads
 * the current state once.
 */
export function liveRoutes({ runCommand, presenceOf }: ChatServerServices): readonly RestRoute[] {
  return [
    restRoute({
      method: 'POST',
      path: '/api/typing',
      right: 'person',
      pace: 'rest',
      summary: 'Show that you are typing to members with the conversation open; expires after six seconds',
      body: typingRequest,
      status: 204,
      refusals: ['not_found', 'not_member', 'denied', 'conversation_deleted'],
      handle: async ({ caller, body }) => {
        const outcome = await runCommand(caller.user, { ...body, command: 'typing', i: 0 });
        if (outcome.outcome === 'refused') throw new RestRefusal(outcome.code);
      },
    }),
    restRoute({
      method: 'GET',
      path: '/api/presence',
      right: 'person',
      pace: 'rest',
      summary: 'Read the presence of users; omits users who block you',
      query: presenceQuery,
      status: 200,
      answer: answerSchemas.watchPresence,
      refusals: ['too_many'],
      handle: async ({ caller, query }) => {
        const outcome = await presenceOf(caller.user, query.users.split(',').map(Number));
        if (outcome.outcome === 'refused') throw new RestRefusal(outcome.code);
        return { presence: [...outcome.presence] };
      },
    }),
  ];
}
