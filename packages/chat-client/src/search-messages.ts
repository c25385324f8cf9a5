import type { Answers } from '@everywire/chat';
import type { Engine } from './engine.js';
import { searchUntilEnough } from './search-asking-on.js';
import { placesOf } from './search-conversations.js';
import type { MessageHit, MessageSearchOptions, MessagesFound } from './search-found.js';

/** Searches messages. See `Search.messages`. */
export function searchMessages(
  engine: Engine,
  text: string,
  { conversation = null, after = null, onProgress, signal }: MessageSearchOptions,
): Promise<MessagesFound> {
  const zone = -new Date().getTimezoneOffset();
  return searchUntilEnough({
    from: after,
    signal,
    onProgress,
    ask: async (from: MessagesFound['next']) =>
      viewAnswer(engine, await engine.ask({ command: 'search', text, zone, conversation, after: from })),
  });
}

async function viewAnswer(engine: Engine, { hits, next }: Answers['search']): Promise<MessagesFound> {
  const senders = await engine.people.fetch(hits.map(({ row }) => row.sender));
  const places = await placesOf(
    engine,
    hits.map(({ conversation }) => conversation),
  );
  const found = hits.flatMap(({ conversation, row }, index): readonly MessageHit[] => {
    const { body, sequence, id, sentAt } = row;
    const sender = senders[index];
    if (body.kind !== 'text' || sender === undefined) return [];
    const place = places.get(conversation) ?? null;
    return [{ conversation, place, sequence, id, sender, text: body.text, files: body.files ?? [], sentAt }];
  });
  return { hits: found, next };
}
