import type { AccountClient, ChatClient, LinkClient, ServerInfo, SignedIn } from '@everywire/chat-client';
import type { TransportName } from '@everywire/client';

interface Credentials {
  readonly name: string;
  readonly password: string;
}

/** Everything the page needs from the server. The page's own tests replace it with a fixture. */
export interface Backend {
  /** Host and port, as shown to the user. */
  readonly host: string;
  place(): Promise<ServerInfo>;
  /** Rejects with a `ChatError`. */
  signIn(credentials: Credentials & { readonly code?: string }): Promise<SignedIn>;
  /** Rejects with a `ChatError`. An empty display name means the user name. */
  register(credentials: Credentials & { readonly displayName: string }): Promise<SignedIn>;
  /** Redeems account links: set-up, invitation, password reset. Each new session gets a device label. */
  readonly links: LinkClient;
  /** Returns the client of the account that owns `token`. */
  account(token: string): AccountClient;
  /** Gets the cookie with which `img` elements of this browser read files of the server. */
  openFiles(account: SignedIn): Promise<void>;
  /** Erases the local data of all accounts except `user`. With `null`, erases all accounts' data except their unsent messages. */
  eraseOtherAccounts(user: number | null): Promise<void>;
  connect(account: SignedIn, transport: TransportName | null): ChatClient;
}

/** Returns the stable error code of a thrown value, or `internal` if it has none. */
export function codeOf(error: unknown): string {
  if (typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'string')
    return error.code;
  return 'internal';
}
