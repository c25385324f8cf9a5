import { ChatFailure } from './chat-failure.js';

/** Number of hits that suffice for one result. Equals the number of hits in one page of the server. */
const HITS_ENOUGH = 20;

/** Milliseconds before a throttled search is retried. The server permits five searches per second. */
const PAUSE_MS = 1_000;

interface Answer<Hit, Next> {
  readonly hits: readonly Hit[];
  readonly next: Next | null;
}

/**
 * Repeats a search until enough hits are found, everything was searched, or `signal` aborts. The repetition is needed
 * because the server limits the work per answer, so an answer may have few hits.
 */
export async function searchUntilEnough<Hit, Next>({
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
  while (found.next !== null && found.hits.length < HITS_ENOUGH && signal?.aborted !== true) {
    onProgress?.(found);
    const answer = await ask(found.next).catch(waitIfAsked);
    if (answer !== null) found = { hits: [...found.hits, ...answer.hits], next: answer.next };
  }
  return found;
}

/** Returns one answer. Retries as long as the server throttles this client. */
export async function askAfterPause<Found>(ask: () => Promise<Found>): Promise<Found> {
  for (;;) {
    const answer = await ask().catch(waitIfAsked);
    if (answer !== null) return answer;
  }
}

/**
 * Waits and returns null if the server throttles this client, so that the caller can retry. Rethrows any other failure.
 */
async function waitIfAsked(failure: unknown): Promise<null> {
  if (!(failure instanceof ChatFailure) || failure.code !== 'rate_limited') throw failure;
  await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  return null;
}
