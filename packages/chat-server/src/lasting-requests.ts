import type { IncomingMessage, ServerResponse } from 'node:http';
import type { UserId } from '@everywire/chat';
import type { Caller } from './sign-in.js';

/** Whose request it is. `credential` is empty where only the person is known. */
interface Holder {
  readonly user: UserId;
  readonly credential: string;
  /** When the token was signed by which the request is made, milliseconds since the epoch; absent for a sign-in of our own. */
  readonly signedAt?: number | undefined;
}

interface Followed {
  readonly token: string | undefined;
  /** `null` until the request is admitted: most routes admit one only when its whole body has come. */
  holder: Holder | null;
  /** What of the request takes long: its body on the way in, or its answer on the way out. */
  lasting: 'body' | 'answer';
}

/**
 * Requests whose body or answer is still on its way. One that lives by a sign-in, or by a person, whose access ends is cut with its connection, like a session:
 * a slow sender or reader would otherwise stay connected until the request times out.
 */
export class LastingRequests {
  readonly #authenticate: (token: string) => Promise<Caller | null>;
  readonly #followed = new Map<IncomingMessage, Followed>();
  readonly #ended = new WeakSet<IncomingMessage>();

  constructor(authenticate: (token: string) => Promise<Caller | null>) {
    this.#authenticate = authenticate;
  }

  /** Follows a request from its head until its answer is over. Call it at most once for each. */
  follow(request: IncomingMessage, answer: ServerResponse, token: string | undefined): void {
    this.#followed.set(request, { token, holder: null, lasting: 'body' });
    answer.once('close', () => this.#followed.delete(request));
  }

  /** Says who a request was admitted as. No-op for one that is over or is not followed. */
  admit(request: IncomingMessage, holder: Holder, lasting: 'body' | 'answer'): void {
    const followed = this.#followed.get(request);
    if (followed !== undefined) Object.assign(followed, { holder, lasting });
  }

  /** Whether it was cut because its sign-in or its person lost access. Also once it is over. */
  isEnded(request: IncomingMessage): boolean {
    return this.#ended.has(request);
  }

  endUser(user: UserId): void {
    this.#end((holder) => holder.user === user);
  }

  endCredentials(ids: readonly string[]): void {
    if (ids.length > 0) this.#end((holder) => ids.includes(holder.credential));
  }

  /** Ends those by tokens that were signed until then, of each person. */
  endSigned(until: ReadonlyMap<UserId, number>): void {
    this.#end(({ user, signedAt }) => signedAt !== undefined && signedAt <= (until.get(user) ?? -1));
  }

  /** Cuts those that match. One that is not admitted yet is cut where its token opens nothing any more: its body would be refused at its end anyway. */
  #end(matches: (holder: Holder) => boolean): void {
    for (const [request, { token, holder }] of this.#followed) {
      if (holder !== null && matches(holder)) this.#cut(request);
      if (holder !== null || token === undefined || request.complete) continue;
      this.#authenticate(token).then(
        (caller) => caller === null && this.#cut(request),
        // It is not known whether the token is good; the request is judged when its body has come.
        () => undefined,
      );
    }
  }

  /** A body that has come as a whole came before, and is answered. */
  #cut(request: IncomingMessage): void {
    const followed = this.#followed.get(request);
    if (followed === undefined || (followed.lasting === 'body' && request.complete)) return;
    this.#ended.add(request);
    request.destroy();
  }
}
