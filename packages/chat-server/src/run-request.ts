import {
  type ErrorCode,
  isCursorCommand,
  isKeyedCommand,
  isQuery,
  type Request,
  type SessionCommand,
  type UserId,
} from '@everywire/chat';
import { checkRequest } from './check-request.js';
import type { CommandDependencies } from './command-dependencies.js';
import type { LiveSession } from './live-sessions.js';
import { lookAtPeople } from './profile-news.js';
import { type RequestOutcome, refuse } from './request-outcome.js';
import { mayGuest } from './rights.js';
import { runCursorCommand } from './run-cursor-command.js';
import { runKeyedCommand } from './run-keyed-command.js';
import { runQuery } from './run-query.js';
import { runSessionCommand } from './run-session-command.js';
import { runTyping } from './run-typing.js';

type SessionRequest = Extract<Request, { readonly command: Exclude<SessionCommand['command'], 'typing'> }>;
/** What has a meaning without a session. */
export type SessionlessRequest = Exclude<Request, SessionRequest>;

/** Who asks: a session, or REST. */
interface Asker {
  readonly user: UserId;
  /** As the sign-in said when it was looked at. */
  readonly guest: boolean;
  /** By which the pace of cursors and of typing is counted. */
  readonly pace: string;
}

/** Runs a well-formed request of a session and answers what the client is told. Rejects only for failures of the store or a defect. */
export async function runRequest(
  session: LiveSession,
  request: Request,
  dependencies: CommandDependencies,
): Promise<RequestOutcome> {
  if (!isSessionCommand(request)) {
    if (request.command === 'people') lookAtPeople(session, request.ids, dependencies.profilesSeenMax);
    const asker = { user: session.user, guest: session.guest, pace: String(session.wire.serial) };
    return runWithoutSession(asker, request, dependencies);
  }
  const code = await checkAsked(session, request, dependencies);
  return code === null ? runSessionCommand(session, request, dependencies) : refuse(code);
}

/** The same for what needs no session: all but what concerns who is looking at what just now. */
export async function runWithoutSession(
  asker: Asker,
  request: SessionlessRequest,
  dependencies: CommandDependencies,
): Promise<RequestOutcome> {
  const code = await checkAsked(asker, request, dependencies);
  if (code !== null) return refuse(code);
  if (isKeyedCommand(request)) return runKeyedCommand(asker.user, request, dependencies);
  if (isCursorCommand(request)) return runCursorCommand(asker, request, dependencies);
  if (request.command === 'typing') return runTyping(asker, request, dependencies);
  return runQuery(asker.user, request, dependencies);
}

async function checkAsked(
  asker: Pick<Asker, 'user' | 'guest'>,
  request: Request,
  dependencies: CommandDependencies,
): Promise<ErrorCode | null> {
  if (asker.guest && !mayGuest(request.command) && (await isGuestStill(asker.user, dependencies))) return 'denied';
  return checkRequest(request, dependencies.limits);
}

/** Asked only where it matters: a guest who was given an account meanwhile goes on in the same session. */
async function isGuestStill(id: UserId, { accounts }: CommandDependencies): Promise<boolean> {
  const [user] = await accounts.users([id]);
  return user?.role === 'guest';
}

function isSessionCommand(request: Request): request is SessionRequest {
  return !isKeyedCommand(request) && !isCursorCommand(request) && !isQuery(request) && request.command !== 'typing';
}
