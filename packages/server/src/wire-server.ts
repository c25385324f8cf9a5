import type { Server as HttpServer } from 'node:http';
import type { Broker } from './broker.js';
import type { ServerLimits } from './limits.js';
import type { Claims, TopicClass, WireSession } from './wire-session.js';

export interface AuthenticateRequest {
  /** The bearer token as it came in the `open` record or an Authorization header; `undefined` when there was none. */
  readonly token: string | undefined;
  /** Of who opens a session; absent and empty where a token is renewed. */
  readonly origin: string | undefined;
  readonly remoteAddress: string;
  /** Where the token of a living session is renewed: its claims so far (SN-21). */
  readonly renews?: Claims;
}

export interface WireServerOptions {
  /** Path prefix all transports live under. Default `/everywire`. */
  readonly path?: string;
  /** Exact origins (`https://chat.example.org`) that may connect besides the page's own. Default none. */
  readonly origins?: readonly string[];
  readonly limits?: Partial<ServerLimits>;
  /** Default: the in-process hub alone. */
  readonly broker?: Broker;
  /**
   * Called once per session, before it exists, and with each token it renews. `null` refuses it with `unauthorized`; a living
   * session keeps what it has. Default: everyone, `{ subject: '' }`.
   */
  readonly authenticate?: (request: AuthenticateRequest) => Promise<Claims | null> | Claims | null;
  readonly onSession: (session: WireSession) => void;
  /** Milliseconds, monotonic. Default `performance.now`. */
  readonly now?: () => number;
  /** Something an operator should know; never contains payloads or secrets. */
  readonly onNotice?: (notice: { readonly code: string; readonly text: string }) => void;
}

/** The transport server: attaches to any `http.Server`, serves every transport under one prefix. */
export interface WireServer {
  /** Takes over `upgrade` and `request` events under the prefix; all else is left to the server's other handlers. */
  attach(server: HttpServer): void;
  /** Encoded once per encoding, gathered per turn, never waits. */
  publish(
    topic: string,
    data: string | Uint8Array,
    options?: { readonly class?: TopicClass; readonly except?: WireSession },
  ): void;
  /** Sessions whose claims match; for administration and revocation. Those that `onSession` is still to be told of too. */
  sessions(match?: (claims: Claims) => boolean): readonly WireSession[];
  /**
   * Ends every session whose claims match, now, with `revoked`, and refuses those whose `authenticate` is still under way (SN-21).
   *
   * @returns how many sessions ended
   */
  revoke(match: (claims: Claims) => boolean): number;
  /** Closes every session cleanly within the deadline, then ends what is left; resolves when no link remains. */
  close(options?: { readonly deadlineMs?: number }): Promise<void>;
}
