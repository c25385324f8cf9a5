import { ChatFailure } from './chat-failure.js';

/** Hits that are enough for one answer: what the server gives where it has them at hand. */
const hitsEnough = 20;

/** Milliseconds until a search that goes on is asked again when the server wants a pause; it gives back five a second. */
const pauseMs = 1_000;

interface Answer<Hit, Next> {
  readonly hits: readonly Hit[];
  readonly next: Next | null;
}

/** Asks on until enough was found, nothing is left, or it is told to stop: one answer of the server is of a bounded amount of work. */
export async function askOn<Hit, Next>({
  from,
  ask,
  signal,
  onProgress,
}: {
  readonly from: Next | null;
  readonly ask: (from: Next | null) => Promise<Answer<Hit, Next>>;
  readonly signal: AbortSignal | undefined;
  readonly onProgress?: ((soFar: Answer<Hit, Next>) => void) | undefined;
}): Promise<Answer<Hit, Next>> {
  let found = await ask(from);
  while (found.next !== null && found.hits.length < hitsEnough && signal?.aborted !== true) {
    onProgress?.(found);
    const answer = await ask(found.next).catch(waitIfAsked);
    if (answer !== null) found = { hits: [...found.hits, ...answer.hits], next: answer.next };
  }
  return found;
}

/** One answer, however long the server wants one to wait before it. */
export async function askAfterPause<Found>(ask: () => Promise<Found>): Promise<Found> {
  for (;;) {
    const answer = await ask().catch(waitIfAsked);
    if (answer !== null) return answer;
  }
}

/** Whoever searches on and on is told to wait, which loses nothing of what was found. */
async function waitIfAsked(failure: unknown): Promise<null> {
  if (!(failure instanceof ChatFailure) || failure.code !== 'rate_limited') throw failure;
  await new Promise((resolve) => setTimeout(resolve, pauseMs));
  return null;
}
