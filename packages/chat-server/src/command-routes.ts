import { commandErrorCodes, type Request } from '@everywire/chat';
import Type, { type TObject } from 'typebox';
import type { ChatServerServices } from './chat-server-services.js';
import { answerSchemas } from './command-answers.js';
import { requestSchemas } from './command-schemas.js';
import { RestRefusal } from './error-codes.js';
import { type RestRoute, restRoute } from './rest-route.js';

/** What concerns who is looking at what just now has a meaning in a session alone. */
const sessionCommands: readonly string[] = ['typing', 'watch', 'watchPresence', 'present'];

/** Only an edit grows from something that may be another by now; what it is then is a part of the refusal. */
const refusalsOf = (command: string) =>
  commandErrorCodes.filter((code) => code !== 'edit_conflict' || command === 'edit');

/**
 * One route for each command and query, made of the schema that a session's requests are checked by: the body is the request without
 * `command` and `i`, the answer what a session is given under `ok`. What makes something carries its `id`, and the same `id` again gives the first answer (CH-18).
 */
export function commandRoutes({ runCommand, limits }: ChatServerServices): readonly RestRoute[] {
  const commands = (Object.keys(requestSchemas) as Request['command'][]).filter(
    (command) => !sessionCommands.includes(command),
  );
  return commands.map((command) => {
    const { command: _name, i: _number, ...fields } = (requestSchemas[command] as TObject).properties;
    return restRoute({
      ...{ method: 'POST', path: `/api/commands/${command}`, right: 'person', pace: 'rest' },
      summary: `The command ${command}, without a session`,
      body: Type.Object(fields, { additionalProperties: false }),
      bodyBytesMax: limits?.commandCharactersMax,
      ...{ status: 200, answer: answerSchemas[command], refusals: refusalsOf(command) },
      handle: async ({ caller, body }) => {
        const outcome = await runCommand(caller.user, { ...(body as object), command, i: 0 } as Parameters<
          typeof runCommand
        >[1]);
        if (outcome.outcome === 'ok') return outcome.body;
        throw new RestRefusal(outcome.code, null, outcome.row ?? null);
      },
    });
  });
}
