import type { MessageRow, SearchPosition } from '@everywire/chat';
import type { Engine } from './engine.js';
import type { FollowedThreads, ThreadMessage } from './threads-found.js';

/**
 * Fetches one page of the threads that the user started, wrote in or was mentioned in.
 *
 * @param after `next` of the previous page; `null` for the first page
 */
export async function askFollowedThreads(engine: Engine, after: SearchPosition | null): Promise<FollowedThreads> {
  const { threads, next } = await engine.ask({ command: 'threads', after });
  const rows = threads.flatMap(({ message, last }) => (message === null ? [last] : [message, last]));
  const senders = await engine.people.fetch(rows.map(({ sender }) => sender));
  const byId = new Map(senders.map((person) => [person.id, person]));
  const view = ({ sequence, sender, body, sentAt }: MessageRow): ThreadMessage => ({
    sequence,
    sender: byId.get(sender) ?? engine.people.person(sender),
    text: body.kind === 'text' ? body.text : null,
    files: body.kind === 'text' ? (body.files ?? []) : [],
    sentAt,
  });
  const views = threads.map(({ conversation, root, message, last, unread, mentions }) => ({
    conversation,
    root,
    unread,
    mentions,
    last: view(last),
    message: message === null ? null : view(message),
    replies: message === null ? null : (message.replies ?? 0),
  }));
  return { threads: views, next };
}
