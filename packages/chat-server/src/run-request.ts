import { isCursorCommand, isKeyedCommand, isQuery, type Request } from '@everywire/chat';
import { checkRequest } from './check-request.js';
import type { CommandDependencies } from './command-dependencies.js';
import type { LiveSession } from './live-sessions.js';
import { type RequestOutcome, refuse } from './request-outcome.js';
import { mayGuest } from './rights.js';
import { runCursorCommand } from './run-cursor-command.js';
import { runKeyedCommand } from './run-keyed-command.js';
import { runQuery } from './run-query.js';
import { runSessionCommand } from './run-session-command.js';

/** Runs a well-formed request of a session and answers what the client is told. Rejects only for failures of the store or a defect. */
export async function runRequest(
  session: LiveSession,
  request: Request,
  dependencies: CommandDependencies,
): Promise<RequestOutcome> {
  if (session.guest && !mayGuest(request.command) && (await isGuestStill(session, dependencies)))
    return refuse('denied');
  const code = checkRequest(request, dependencies.limits);
  if (code !== null) return refuse(code);
  if (isKeyedCommand(request)) return runKeyedCommand(session.user, request, dependencies);
  if (isCursorCommand(request)) return runCursorCommand(session, request, dependencies);
  if (isQuery(request)) return runQuery(session.user, request, dependencies);
  return runSessionCommand(session, request, dependencies);
}

/** Asked only where it matters: a guest who was given an account meanwhile goes on in the same session. */
async function isGuestStill(session: LiveSession, { accounts }: CommandDependencies): Promise<boolean> {
  const [user] = await accounts.users([session.user]);
  return user?.role === 'guest';
}
