import { ChatFailure } from './chat-failure.js';

/** Calls the REST interface. @throws ChatFailure */
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
  // If the connection breaks within a refusal, its status is still known.
  const text = response.ok ? await response.text() : await response.text().catch(() => '');
  if (!response.ok) throw restFailureOf(response.status, text);
  return (text === '' ? undefined : JSON.parse(text)) as Result;
}

/**
 * Converts a refusal to a failure. The server's errors are `{ code, retryable, text }`; for any other body, such as a proxy's,
 * uses the status.
 */
export function restFailureOf(status: number, body: string): ChatFailure {
  try {
    const { code, retryable } = JSON.parse(body) as { readonly code: string; readonly retryable: boolean };
    return new ChatFailure(code, retryable);
  } catch {
    return new ChatFailure(status === 429 ? 'rate_limited' : 'offline', true);
  }
}
