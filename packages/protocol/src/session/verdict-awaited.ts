import type { ServerSession } from './server-session.js';

/**
 * Returns whether the client of a session has not received a verdict yet and is expected to send a request that can be
 * answered with it. The client of an unconfirmed session opens another one instead.
 */
export function isVerdictAwaited({ flow, links }: Pick<ServerSession, 'flow' | 'links'>, now: number): boolean {
  return !flow.verdictSent && flow.done?.code !== 'unconfirmed' && links.isRequestDue(now);
}
