import { ChatFailure } from './chat-failure.js';

/**
 * Calls the server's REST interface and returns its answer; `undefined` for an empty answer.
 *
 * @throws ChatFailure the server's refusal; `offline` if the server cannot be reached
 */
export async function callRest<Result>(
  url: string,
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE',
  path: string,
  body?: unknown,
  token?: string,
): Promise<Result> {
  const headers: Record<string, string> = {};
  if (body !== undefined) headers['content-type'] = 'application/json';
  if (token !== undefined) headers['authorization'] = `Bearer ${token}`;
  let response: Response;
  try {
    const init: RequestInit = { method, headers, credentials: 'omit', cache: 'no-store' };
    response = await fetch(new URL(path, url), body === undefined ? init : { ...init, body: JSON.stringify(body) });
  } catch {
    throw new ChatFailure('offline', true);
  }
  // If the connection breaks while the body of a refusal arrives, the status of the refusal is still known.
  const text = response.ok ? await response.text() : await response.text().catch(() => '');
  if (!response.ok) throw restFailureOf(response.status, text);
  return (text === '' ? undefined : JSON.parse(text)) as Result;
}

/**
 * Converts a refusal to a failure. The body of the server's errors is `{ code, retryable, text }`. For any other body
 * (for example from a proxy), the status determines the failure.
 */
export function restFailureOf(status: number, body: string): ChatFailure {
  try {
    const { code, retryable } = JSON.parse(body) as { readonly code: string; readonly retryable: boolean };
    return new ChatFailure(code, retryable);
  } catch {
    return new ChatFailure(status === 429 ? 'rate_limited' : 'offline', true);
  }
}
