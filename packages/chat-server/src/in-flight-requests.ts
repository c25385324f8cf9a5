import type { IncomingMessage, ServerResponse } from 'node:http';
import type { UserId } from '@everywire/chat';
import type { Caller } from './sign-in.js';

/** The user and sign-in of a request. `credential` is empty if only the user is known. */
interface Holder {
  readonly user: UserId;
  readonly credential: string;
  /** When the request's token was signed, in milliseconds since the epoch; absent for our own sign-ins. */
  readonly signedAt?: number | undefined;
}

/** The state of a tracked request. */
interface Followed {
  readonly token: string | undefined;
  /** `null` until the request is admitted. Most routes admit a request only after its whole body was received. */
  holder: Holder | null;
  /** The part of the request that takes long: receiving its body, or sending its answer. */
  lasting: 'body' | 'answer';
}

/**
 * Tracks REST requests whose body or answer is in transit. Cuts their connections when the access of their sign-in or
 * user ends, as sessions are ended. Otherwise a slow sender or reader would stay connected until the request times out.
 */
export class InFlightRequests {
  readonly #authenticate: (token: string) => Promise<Caller | null>;
  readonly #followed = new Map<IncomingMessage, Followed>();
  readonly #ended = new WeakSet<IncomingMessage>();

  constructor(authenticate: (token: string) => Promise<Caller | null>) {
    this.#authenticate = authenticate;
  }

  /** Tracks a request from its head to the end of its answer. Call it at most once for each request. */
  follow(request: IncomingMessage, answer: ServerResponse, token: string | undefined): void {
    this.#followed.set(request, { token, holder: null, lasting: 'body' });
    answer.once('close', () => this.#followed.delete(request));
  }

  /** Records as whom a request was admitted. No-op for a request that ended or is not tracked. */
  admit(request: IncomingMessage, holder: Holder, lasting: 'body' | 'answer'): void {
    const followed = this.#followed.get(request);
    if (followed !== undefined) Object.assign(followed, { holder, lasting });
  }

  /** Returns whether the request was cut because its sign-in or user lost access; also after it ended. */
  isEnded(request: IncomingMessage): boolean {
    return this.#ended.has(request);
  }

  /** Cuts the requests of a user. */
  endUser(user: UserId): void {
    this.#end((holder) => holder.user === user);
  }

  /** Cuts the requests of sign-ins. */
  endCredentials(ids: readonly string[]): void {
    if (ids.length > 0) this.#end((holder) => ids.includes(holder.credential));
  }

  /** Cuts requests by tokens that were signed until the given time, for each user. */
  endSigned(until: ReadonlyMap<UserId, number>): void {
    this.#end(({ user, signedAt }) => signedAt !== undefined && signedAt <= (until.get(user) ?? -1));
  }

  /**
   * Cuts matching requests. Also cuts a request that is not admitted yet if its token is no longer valid, because the
   * request would be refused at the end of its body anyway.
   */
  #end(matches: (holder: Holder) => boolean): void {
    for (const [request, { token, holder }] of this.#followed) {
      if (holder !== null && matches(holder)) this.#cut(request);
      if (holder !== null || token === undefined || request.complete) continue;
      this.#authenticate(token).then(
        (caller) => caller === null && this.#cut(request),
        // It is unknown whether the token is valid; the request is checked after its body was received.
        () => undefined,
      );
    }
  }

  /** Cuts a request. A request whose whole body came before the end of access is answered instead. */
  #cut(request: IncomingMessage): void {
    const followed = this.#followed.get(request);
    if (followed === undefined || (followed.lasting === 'body' && request.complete)) return;
    this.#ended.add(request);
    request.destroy();
  }
}
