import type { HandSession } from '../hand-session.js';
import { TestLink } from '../test-link.js';

/** The callback name in JSONP requests. */
export const CALLBACK = 'everywire$.f1';

/** Attaches the session by a GET with a ticket, as a page element does. */
export async function byTicket(session: HandSession, transport: string, query = `&cb=${CALLBACK}`): Promise<TestLink> {
  const { ticket } = await session.reach.answerTo('ticket', session.attachRecord());
  const answer = await session.reach.request({ method: 'GET', name: `${transport}?ticket=${String(ticket)}${query}` });
  return session.follow(new TestLink(transport, answer));
}
