import type { ChatClient, Person } from '@everywire/chat-client';
import type { TransportName } from '@everywire/client';

/** What the log-in page says of the server, from `GET /api/server`. */
export interface Place {
  readonly name: string;
  /** Empty where the administrator did not say. */
  readonly runBy: string;
  readonly registration: 'open' | 'closed';
  readonly version: string;
}

/** Who is signed in on this device. The token is kept with it and goes in headers and records only, never in an address. */
export interface Account {
  readonly me: Person;
  readonly token: string;
}

export interface Credentials {
  readonly name: string;
  readonly password: string;
}

/** All the page asks of the world outside it. The fixture stands in for it in the page's own tests. */
export interface Backend {
  /** Host and port, as a person would say the address. */
  readonly host: string;
  place(): Promise<Place>;
  /** Rejects with a `ChatError`. */
  signIn(credentials: Credentials): Promise<Account>;
  /** Rejects with a `ChatError`. An empty display name means the user name. */
  register(credentials: Credentials & { readonly displayName: string }): Promise<Account>;
  connect(account: Account, transport: TransportName | null): ChatClient;
}

/** The stable code of whatever was thrown; what is no `ChatError` never reached the server. */
export function codeOf(error: unknown): string {
  if (typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'string')
    return error.code;
  return 'network';
}
