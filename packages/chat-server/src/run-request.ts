import {
  type ChatErrorCode,
  isCursorCommand,
  isKeyedCommand,
  isQuery,
  type Request,
  type SessionCommand,
} from '@everywire/chat';
import { checkRequest } from './check-request.js';
import type { CommandDependencies } from './command-dependencies.js';
import { type Asker, isGuestStill, knownPeople } from './known-people.js';
import type { LiveSession } from './live-sessions.js';
import { lookAtPeople } from './profile-updates.js';
import { type RequestOutcome, refuse } from './request-outcome.js';
import { mayGuest } from './rights.js';
import { runCursorCommand } from './run-cursor-command.js';
import { runKeyedCommand } from './run-keyed-command.js';
import { runQuery } from './run-query.js';
import { runSessionCommand } from './run-session-command.js';
import { runTyping } from './run-typing.js';

type SessionRequest = Extract<Request, { readonly command: Exclude<SessionCommand['command'], 'typing'> }>;
/** Requests that have a meaning without a session. */
export type SessionlessRequest = Exclude<Request, SessionRequest>;

/** An asker with the origin of its requests: a session, or REST. */
interface RateLimitedRequester extends Asker {
  /** Key of the rate limits for cursors and typing. */
  readonly pace: string;
}

/** Runs a valid request of a session and returns its answer. Rejects only if the store fails, or for a defect. */
export async function runRequest(
  session: LiveSession,
  request: Request,
  dependencies: CommandDependencies,
): Promise<RequestOutcome> {
  if (!isSessionCommand(request)) {
    const asker = { user: session.user, guest: session.guest, pace: String(session.wire.serial) };
    if (request.command === 'people' && checkRequest(request, dependencies.limits) === null) {
      // Subscribes to the profiles before reading them, so that no change in between is missed.
      const known = await knownPeople(asker, request.ids, dependencies);
      lookAtPeople(session, [...known], dependencies.profilesSeenMax);
    }
    return runWithoutSession(asker, request, dependencies);
  }
  const code = await checkAsked(session, request, dependencies);
  return code === null ? runSessionCommand(session, request, dependencies) : refuse(code);
}

/** Runs a valid request that needs no session: every request but those about current activity. */
export async function runWithoutSession(
  asker: RateLimitedRequester,
  request: SessionlessRequest,
  dependencies: CommandDependencies,
): Promise<RequestOutcome> {
  const code = await checkAsked(asker, request, dependencies);
  if (code !== null) return refuse(code);
  if (isKeyedCommand(request)) return runKeyedCommand(asker, request, dependencies);
  if (isCursorCommand(request)) return runCursorCommand(asker, request, dependencies);
  if (request.command === 'typing') return runTyping(asker, request, dependencies);
  return runQuery(asker, request, dependencies);
}

async function checkAsked(
  asker: Asker,
  request: Request,
  dependencies: CommandDependencies,
): Promise<ChatErrorCode | null> {
  if (asker.guest && !mayGuest(request.command) && (await isGuestStill(asker.user, dependencies.accounts)))
    return 'denied';
  return checkRequest(request, dependencies.limits);
}

function isSessionCommand(request: Request): request is SessionRequest {
  return !isKeyedCommand(request) && !isCursorCommand(request) && !isQuery(request) && request.command !== 'typing';
}
