import type { AttemptFacts } from '../transport.js';

/** Why an answer with this status is no answer of ours: an `Attempt.reason`. */
export function refusalOf(status: number): string {
  return status === 413 ? 'too_large' : 'refused';
}

/** An answer that is not worth waiting for says no more than its status. */
const BODY_MS = 300;

/** What an answer in place of a carrier says. Its body may be anybody's, and may never end. */
export async function factsOf(status: number, body: Promise<string>): Promise<AttemptFacts> {
  const late = new Promise<string>((resolve) => setTimeout(resolve, BODY_MS, ''));
  const code = errorCodeOf(await Promise.race([body.catch(() => ''), late]));
  return { status, ...(code !== undefined && { code }) };
}

/** The code of an error in the server's form (TR-5.3). */
export function errorCodeOf(body: string): string | undefined {
  try {
    const { code, text } = JSON.parse(body) as Record<string, unknown>;
    return typeof code === 'string' && typeof text === 'string' ? code : undefined;
  } catch {
    return undefined;
  }
}

/** Node puts what happened into the cause of a `TypeError`, and of several addresses that were tried into errors of that. */
export function platformCodeOf(error: unknown): string | undefined {
  const { code, cause } = error as { code?: unknown; cause?: { code?: string; errors?: { code?: string }[] } };
  return cause ? (cause.code ?? cause.errors?.[0]?.code) : typeof code === 'string' ? code : undefined;
}
