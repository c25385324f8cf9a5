import type { AccountClient, ChatClient, LinkClient, ServerInfo, SignedIn } from '@everywire/chat-client';
import type { TransportName } from '@everywire/client';

interface Credentials {
  readonly name: string;
  readonly password: string;
}

/** All the page asks of the world outside it. The fixture stands in for it in the page's own tests. */
export interface Backend {
  /** Host and port, as a person would say the address. */
  readonly host: string;
  place(): Promise<ServerInfo>;
  /** Rejects with a `ChatError`. */
  signIn(credentials: Credentials & { readonly code?: string }): Promise<SignedIn>;
  /** Rejects with a `ChatError`. An empty display name means the user name. */
  register(credentials: Credentials & { readonly displayName: string }): Promise<SignedIn>;
  /** What links are good for; devices get their label by it. */
  readonly links: LinkClient;
  /** One's own account. */
  account(token: string): AccountClient;
  /** Lets `img` of this browser read files of the server, with the account. */
  openFiles(account: SignedIn): Promise<void>;
  /** Erases what this browser keeps of people other than `user`; with `null`, all but what they have not sent. */
  eraseOtherAccounts(user: number | null): Promise<void>;
  connect(account: SignedIn, transport: TransportName | null): ChatClient;
}

/** The stable code of whatever was thrown; anything else is a fault of this page. */
export function codeOf(error: unknown): string {
  if (typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'string')
    return error.code;
  return 'internal';
}
