import type { Request } from '@everywire/chat';
import { checkRequest } from './check-request.js';
import type { CommandDependencies } from './command-dependencies.js';
import type { LiveSession } from './live-sessions.js';
import { type RequestOutcome, refuse } from './request-outcome.js';
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
  const code = checkRequest(request, dependencies.limits);
  if (code !== null) return refuse(code);
  switch (request.command) {
    case 'createDirect':
    case 'createGroup':
    case 'send':
    case 'add':
    case 'remove':
    case 'leave':
    case 'rename':
      return runKeyedCommand(session.user, request, dependencies);
    case 'read':
    case 'delivered':
    case 'draft':
      return runCursorCommand(session, request, dependencies);
    case 'typing':
    case 'watch':
    case 'watchPresence':
    case 'present':
      return runSessionCommand(session, request, dependencies);
    default:
      return runQuery(session.user, request, dependencies);
  }
}
