import type { Person } from './chat-client.js';
import { ChatFailure } from './chat-failure.js';

/** What a device keeps to go on as somebody. The token is a secret: it goes into headers and records, never into a URL. */
export interface SignedIn {
  readonly me: Person;
  readonly token: string;
}

/** What a server says of itself before anybody signed in. */
export interface ServerInfo {
  readonly name: string;
  readonly runBy: string;
  readonly registration: 'open' | 'closed';
  readonly version: string;
  /** Where it takes raw TCP, on the same host. Absent in answers of older servers. */
  readonly tcp?: { readonly port: number; readonly encrypted: boolean } | null;
}

/** @throws ChatFailure `offline`, `credentials_wrong`, `rate_limited`, ... */
export function signIn(
  url: string,
  request: { readonly name: string; readonly password: string; readonly label?: string },
): Promise<SignedIn> {
  return call<SignedIn>(url, 'POST', '/api/login', request);
}

/** @throws ChatFailure `offline`, `name_taken`, `registration_closed`, `invalid`, ... */
export function register(
  url: string,
  request: { readonly name: string; readonly displayName?: string; readonly password: string; readonly label?: string },
): Promise<SignedIn> {
  return call<SignedIn>(url, 'POST', '/api/register', request);
}

/** @throws ChatFailure `offline` */
export function serverInfo(url: string): Promise<ServerInfo> {
  return call<ServerInfo>(url, 'GET', '/api/server');
}

/** Ends this sign-in at the server, and its live sessions with it. A token that is no longer known is signed out already. */
export async function signOutAtServer(url: string, token: string): Promise<void> {
  try {
    await call<void>(url, 'POST', '/api/logout', undefined, token);
  } catch (failure) {
    if (!(failure instanceof ChatFailure && failure.code === 'unauthenticated')) throw failure;
  }
}

async function call<Result>(
  url: string,
  method: 'GET' | 'POST',
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
  if (response.ok) return (response.status === 204 ? undefined : await response.json()) as Result;
  throw await failureOf(response);
}

/** The server's errors are `{ code, retryable, text }`; a proxy's are not, and then the status has to do. */
async function failureOf(response: Response): Promise<ChatFailure> {
  try {
    const { code, retryable } = (await response.json()) as { readonly code: string; readonly retryable: boolean };
    return new ChatFailure(code, retryable);
  } catch {
    return new ChatFailure(response.status === 429 ? 'rate_limited' : 'offline', true);
  }
}
