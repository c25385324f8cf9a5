import type { Configuration } from 'openid-client';
import { RestRefusal } from './error-codes.js';
import type { KnownIdentity } from './known-identity.js';
import type { ChatServerLimits } from './limits.js';
import type { Log } from './log.js';
import { type Flow, SealedFlows } from './sealed-flow.js';
import type { SignedIn, SignIn } from './sign-in.js';

const minuteMs = 60_000;

export interface OpenIdOptions {
  /** Where the provider describes itself: `/.well-known/openid-configuration` below it. */
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** What the button says. */
  readonly name: string;
}

interface OpenIdSignInOptions extends OpenIdOptions {
  readonly known: KnownIdentity;
  readonly signIn: SignIn;
  /** Without a slash at the end; the provider knows it with one. */
  readonly publicUrl: () => string;
  readonly limits: Pick<ChatServerLimits, 'openIdMinutes' | 'openIdFlowsMax'>;
  readonly log: Log;
  /** Milliseconds since the epoch. */
  readonly wallNow: () => number;
}

/**
 * Signing in by OpenID Connect: authorization code with PKCE, state and nonce. The provider answers in the fragment of our page, so that no code
 * reaches a log, and the page gives it back together with a secret that only the browser that began has: nobody can be signed in as
 * somebody else by a link.
 */
export class OpenIdSignIn {
  readonly #options: OpenIdSignInOptions;
  readonly #flows = new SealedFlows();
  /** States of flows that were finished; the oldest is forgotten, which the provider's code, good once, does not outlive. */
  readonly #finished = new Set<string>();
  #provider: Promise<Configuration> | null = null;

  constructor(options: OpenIdSignInOptions) {
    this.#options = options;
  }

  /** Where the browser goes, and the secret it brings back. */
  async begin(): Promise<{ readonly url: string; readonly flow: string }> {
    const client = await import('openid-client');
    const provider = await this.#discover();
    const verifier = client.randomPKCECodeVerifier();
    const [state, nonce] = [client.randomState(), client.randomNonce()];
    const { limits, wallNow } = this.#options;
    const expiresAt = wallNow() + limits.openIdMinutes * minuteMs;
    const flow = this.#flows.seal({ state, nonce, verifier, expiresAt });
    const url = client.buildAuthorizationUrl(provider, {
      redirect_uri: this.#redirectUri(),
      response_mode: 'fragment',
      scope: 'openid profile',
      code_challenge: await client.calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
      ...{ state, nonce },
    });
    return { url: url.href, flow };
  }

  /** `answer` is what stood in the fragment. */
  async finish(flow: string, answer: string, label: string | undefined): Promise<SignedIn> {
    const begun = this.#flows.open(flow);
    if (begun === null || begun.expiresAt <= this.#options.wallNow()) throw new RestRefusal('identity_refused');
    this.#finishOnce(begun);
    const claims = await this.#redeem(begun, answer);
    const identity = { issuer: this.#options.issuer, subject: String(claims['sub']) };
    const user = await this.#options.known.meet(identity, claims);
    if (user === null || user.state === 'deleted') throw new RestRefusal('identity_refused');
    return this.#options.signIn.issue(user, label);
  }

  async #redeem(begun: Flow, answer: string): Promise<Readonly<Record<string, unknown>>> {
    const client = await import('openid-client');
    const provider = await this.#discover();
    // The library reads the answer from an address; ours stays the one that was registered.
    const address = new URL(this.#redirectUri());
    address.search = answer;
    const expected = { expectedState: begun.state, expectedNonce: begun.nonce, pkceCodeVerifier: begun.verifier };
    try {
      const tokens = await client.authorizationCodeGrant(provider, address, { ...expected, idTokenExpected: true });
      const claims = tokens.claims();
      if (claims === undefined) throw new Error('no id_token');
      const info =
        provider.serverMetadata().userinfo_endpoint === undefined
          ? {}
          : await client.fetchUserInfo(provider, tokens.access_token, claims.sub);
      return { ...claims, ...info, sub: claims.sub };
    } catch (error) {
      this.#options.log.warn(
        `A sign-in by ${this.#options.name} was refused: ${error instanceof Error ? error.message : 'unknown'}`,
      );
      throw new RestRefusal('identity_refused');
    }
  }

  #redirectUri(): string {
    return `${this.#options.publicUrl()}/`;
  }

  /** Asked when it is first needed, and again where it failed: a provider that is down must not keep us from starting. */
  async #discover(): Promise<Configuration> {
    const { issuer, clientId, clientSecret, log } = this.#options;
    const client = await import('openid-client');
    const url = new URL(issuer);
    // Plain http only to this machine, where nobody listens in between.
    const local = url.protocol === 'http:' && ['localhost', '127.0.0.1', '[::1]'].includes(url.hostname);
    // TLS alone would be enough by OpenID Connect Core 3.1.3.7; the signature also holds where TLS is inspected on the way.
    const execute = [client.enableNonRepudiationChecks, ...(local ? [client.allowInsecureRequests] : [])];
    this.#provider ??= client.discovery(url, clientId, clientSecret, undefined, { execute });
    try {
      return await this.#provider;
    } catch (error) {
      this.#provider = null;
      log.error(`The OpenID provider ${issuer} does not answer as one.`, error);
      throw new RestRefusal('busy', 5_000);
    }
  }

  #finishOnce({ state }: Flow): void {
    if (this.#finished.has(state)) throw new RestRefusal('identity_refused');
    this.#finished.add(state);
    const [oldest] = this.#finished;
    if (this.#finished.size > this.#options.limits.openIdFlowsMax && oldest !== undefined)
      this.#finished.delete(oldest);
  }
}
