import type { AttemptFacts } from '../transport.js';

/** Returns the `Attempt.reason` for an answer with this status. */
export function refusalOf(status: number): string {
  return status === 413 ? 'too_large' : 'refused';
}

/** How long the body of an error response is awaited, in milliseconds; after that only its status is used. */
const BODY_MS = 300;

/** Returns the details of an answer received instead of a carrier. Its body is untrusted and may never end. */
export async function factsOf(status: number, body: Promise<string>): Promise<AttemptFacts> {
  const late = new Promise<string>((resolve) => setTimeout(resolve, BODY_MS, ''));
  const code = errorCodeOf(await Promise.race([body.catch(() => ''), late]));
  return { status, ...(code !== undefined && { code }) };
}

/** Returns the code of an error in the server's format (TR-5.3); otherwise `undefined`. */
export function errorCodeOf(body: string): string | undefined {
  try {
    const { code, text } = JSON.parse(body) as Record<string, unknown>;
    return typeof code === 'string' && typeof text === 'string' ? code : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Returns Node's error code, from the cause of a `TypeError` or, after several addresses were tried, from the errors of the
 * cause.
 */
export function platformCodeOf(error: unknown): string | undefined {
  const { code, cause } = error as { code?: unknown; cause?: { code?: string; errors?: { code?: string }[] } };
  return cause ? (cause.code ?? cause.errors?.[0]?.code) : typeof code === 'string' ? code : undefined;
}
