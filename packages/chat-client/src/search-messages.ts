import type { Answers } from '@everywire/chat';
import { ChatFailure } from './chat-failure.js';
import type { Engine } from './engine.js';
import type { MessageHit, MessageSearchOptions, MessagesFound } from './search-found.js';

/** Hits that are enough for one answer: what the server gives where it has them at hand. */
const hitsEnough = 20;

/** Milliseconds until a search that goes on is asked again when the server wants a pause; it gives back five a second. */
const pauseMs = 1_000;

/** Asks on until enough was found, nothing is left, or it is told to stop. */
export async function searchMessages(
  engine: Engine,
  text: string,
  { conversation = null, after = null, onProgress, signal }: MessageSearchOptions,
): Promise<MessagesFound> {
  const zone = -new Date().getTimezoneOffset();
  const ask = (from: MessagesFound['next']): Promise<Answers['search']> =>
    engine.ask({ command: 'search', text, zone, conversation, after: from });
  let found = await viewAnswer(engine, await ask(after));
  while (found.next !== null && found.hits.length < hitsEnough && signal?.aborted !== true) {
    onProgress?.(found);
    const answer = await ask(found.next).catch(waitIfAsked);
    if (answer === null) continue;
    const { hits, next } = await viewAnswer(engine, answer);
    found = { hits: [...found.hits, ...hits], next };
  }
  return found;
}

/** Whoever searches on and on is told to wait, which loses nothing of what was found. */
async function waitIfAsked(failure: unknown): Promise<null> {
  if (!(failure instanceof ChatFailure) || failure.code !== 'rate_limited') throw failure;
  await new Promise((resolve) => setTimeout(resolve, pauseMs));
  return null;
}

async function viewAnswer(engine: Engine, { hits, next }: Answers['search']): Promise<MessagesFound> {
  const senders = await engine.people.fetch(hits.map(({ row }) => row.sender));
  const found = hits.flatMap(({ conversation, row }, index): readonly MessageHit[] => {
    const { body, sequence, id, sentAt } = row;
    const sender = senders[index];
    if (body.kind !== 'text' || sender === undefined) return [];
    return [{ conversation, sequence, id, sender, text: body.text, files: body.files ?? [], sentAt }];
  });
  return { hits: found, next };
}
