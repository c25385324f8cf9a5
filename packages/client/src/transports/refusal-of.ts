import type { AttemptFacts } from '../transport.js';

/** Returns the `Attempt.reason` for an answer with this HTTP status, which must not be a success. */
export function refusalOf(status: number): string {
  return status === 413 ? 'too_large' : 'refused';
}

/**
 * Maximum wait for the body of an error response, in milliseconds. After that, only the status of the response is used.
 */
const BODY_MS = 300;

/** Returns the details of an answer that refused a carrier. `body` is untrusted and may never resolve. */
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

/** Maximum length of a `message`, in UTF-16 code units. */
const MESSAGE_UNITS_MAX = 200;

/** Returns the details of a request that failed without an answer: the platform's code, otherwise the error's message. */
export function factsOfFailure(error: unknown): AttemptFacts {
  const code = platformCodeOf(error);
  if (code) return { code };
  try {
    const { message, cause } = error as Error;
    // Node's own message is always `fetch failed`; the cause says why, if it has a text.
    const text = (cause as Error | undefined)?.message || message;
    return { message: text.slice(0, MESSAGE_UNITS_MAX) };
  } catch {
    // The application's own `fetch` may reject with any value.
    return {};
  }
}

/**
 * Returns Node's error code for a failed connection, such as `ECONNREFUSED`. Takes it from the error, from its cause
 * or, if several addresses were tried, from the first error in the cause. Returns `undefined` if there is none.
 */
export function platformCodeOf(error: unknown): string | undefined {
  try {
    const { code, cause } = error as { code?: unknown; cause?: { code?: string; errors?: { code?: string }[] } };
    return cause ? (cause.code ?? cause.errors?.[0]?.code) : typeof code === 'string' ? code : undefined;
  } catch {
    // The application's own `fetch` may reject with any value.
    return undefined;
  }
}
