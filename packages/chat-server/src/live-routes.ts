import Type from 'typebox';
import type { ChatServerServices } from './chat-server-services.js';
import { answerSchemas } from './command-answers.js';
import { requestSchemas } from './command-schemas.js';
import { RestRefusal } from './error-codes.js';
import { type RestRoute, restRoute } from './rest-route.js';

const { command: _name, i: _number, ...typingFields } = requestSchemas.typing.properties;
const typingRequest = Type.Object(typingFields, { additionalProperties: false });

const presenceQuery = Type.Object(
  { users: Type.String({ pattern: '^[1-9][0-9]{0,14}(,[1-9][0-9]{0,14})*$', description: 'Ids, with commas.' }) },
  { additionalProperties: false },
);
/** What is so just now, for who has no session: it is said and asked once, and nobody is told of changes. */
export function liveRoutes({ runCommand, presenceOf }: ChatServerServices): readonly RestRoute[] {
  return [
    restRoute({
      ...{ method: 'POST', path: '/api/typing', right: 'person', pace: 'rest' },
      summary: 'Tells those who look that one types; it expires by itself after six seconds',
      ...{ body: typingRequest, status: 204, refusals: ['not_found', 'not_member', 'denied', 'conversation_deleted'] },
      handle: async ({ caller, body }) => {
        const outcome = await runCommand(caller.user, { ...body, command: 'typing', i: 0 });
        if (outcome.outcome === 'refused') throw new RestRefusal(outcome.code);
      },
    }),
    restRoute({
      ...{ method: 'GET', path: '/api/presence', right: 'person', pace: 'rest' },
      summary: 'Who of these people is there now; of who blocks one, nothing is said',
      ...{ query: presenceQuery, status: 200, answer: answerSchemas.watchPresence, refusals: ['too_many'] },
      handle: async ({ caller, query }) => {
        const outcome = await presenceOf(caller.user, query.users.split(',').map(Number));
        if (outcome.outcome === 'refused') throw new RestRefusal(outcome.code);
        return { presence: [...outcome.presence] };
      },
    }),
  ];
}
