import type { ServerEvent, UserId } from '@everywire/chat';
import type { MessageNews } from './chat-client.js';
import { type Naming, textOrFiles } from './views.js';

/** Returns the news if the event reports that another user sent or recalled a message; `null` for every other event. */
export function messageNews(event: ServerEvent, me: UserId, person: Naming): MessageNews | null {
  if (event.event !== 'commit' || event.row === null || event.row.sender === me) return null;
  const { conversation, row } = event;
  const place = { conversation, sequence: row.sequence, thread: row.thread?.root ?? null };
  if (row.body.kind === 'recalled') return { news: 'recalled', ...place };
  const isNew = event.after.sequence > event.before.sequence && row.sequence === event.after.sequence;
  if (!isNew || row.body.kind !== 'text') return null;
  const { text, files = [] } = row.body;
  const callsMe = row.mentions?.all === true || row.mentions?.users.includes(me) === true;
  return { news: 'sent', ...place, sender: person(row.sender), ...textOrFiles(text, files), callsMe };
}
