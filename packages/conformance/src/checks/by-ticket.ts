import type { HandSession } from '../hand-session.js';
import { TestLink } from '../test-link.js';

/** The callback that answers of JSONP are asked for with. */
export const CALLBACK = 'everywire$.f1';

/** A GET with a ticket for this session's next attach, as an element of a page sends it. */
export async function byTicket(session: HandSession, transport: string, query = `&cb=${CALLBACK}`): Promise<TestLink> {
  const { ticket } = await session.reach.answerTo('ticket', session.attachRecord());
  const answer = await session.reach.request({ method: 'GET', name: `${transport}?ticket=${String(ticket)}${query}` });
  return session.follow(new TestLink(transport, answer));
}
