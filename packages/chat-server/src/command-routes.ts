import { commandErrorCodes, type Request, type User } from '@everywire/chat';
import Type, { type TObject } from 'typebox';
import type { ChatServerServices } from './chat-server-services.js';
import { answerSchemas, withoutNotMember } from './command-answers.js';
import { requestSchemas } from './command-schemas.js';
import { RestRefusal } from './error-codes.js';
import type { RequestOutcome } from './request-outcome.js';
import { type RestRoute, restRoute } from './rest-route.js';

/** Commands about current activity. They only have a meaning in a session, so they have no REST route. */
const sessionCommands: readonly string[] = ['typing', 'watch', 'watchPresence', 'present'];

const refusalsOf = (command: string) =>
  commandErrorCodes.filter((code) => (only[code.split('_')[0] ?? ''] ?? command) === command);

/** Prefixes of codes that only one command uses. */
const only: Readonly<Record<string, string>> = { edit: 'edit', search: 'search', guest: 'setRole' };

/**
 * Returns one route for each command and query. The body is the same as a request in a session, without `command` and
 * `i`, and is checked by the same schema. The answer is what a session receives under `ok`. A command that creates
 * something contains an `id`. A repeated command with the same `id` returns the first answer (CH-18).
 */
export function commandRoutes({ runCommand, limits }: ChatServerServices): readonly RestRoute[] {
  const commands = (Object.keys(requestSchemas) as Request['command'][]).filter(
    (command) => !sessionCommands.includes(command),
  );
  // Refuses a query of a non-member like a command (`checkPermission`). For a user who was never a member, the
  // conversation does not exist.
  const notMemberCode = async (user: User, asked: unknown): Promise<'not_found' | 'not_member'> => {
    const { conversation } = asked as { readonly conversation: number };
    const known = await runCommand(user, { command: 'entry', conversation, i: 0 });
    return known.outcome === 'ok' && 'entry' in known.body && known.body.entry !== null ? 'not_member' : 'not_found';
  };
  return commands.map((command) => {
    const { command: _name, i: _number, ...fields } = (requestSchemas[command] as TObject).properties;
    return restRoute({
      method: 'POST',
      path: `/api/commands/${command}`,
      right: 'person',
      pace: 'rest',
      summary: `Run the command ${command} without a session`,
      body: Type.Object(fields, { additionalProperties: false }),
      bodyBytesMax: limits?.commandCharactersMax,
      status: 200,
      answer: withoutNotMember(answerSchemas[command]),
      refusals: refusalsOf(command),
      handle: async ({ caller, body }) => {
        const outcome = await runCommand(caller.user, { ...(body as object), command, i: 0 } as Parameters<
          typeof runCommand
        >[1]);
        if (isNotMember(outcome)) throw new RestRefusal(await notMemberCode(caller.user, body));
        if (outcome.outcome === 'ok') return outcome.body;
        throw new RestRefusal(outcome.code, outcome.retryAfterMs ?? null, outcome.row ?? null);
      },
    });
  });
}

/**
 * Returns whether the outcome is `not_member`. In a session, this is a normal answer to most queries.
 */
function isNotMember(outcome: RequestOutcome): boolean {
  if (outcome.outcome === 'refused') return outcome.code === 'not_member';
  return 'outcome' in outcome.body && outcome.body.outcome === 'not_member';
}
