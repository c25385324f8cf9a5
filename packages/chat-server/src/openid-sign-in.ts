import type { Configuration } from 'openid-client';
import { RestRefusal } from './error-codes.js';
import type { ExternalIdentities } from './external-identities.js';
import type { ChatServerLimits } from './limits.js';
import type { Logger } from './logger.js';
import { type Flow, SealedFlows } from './sealed-flow.js';
import type { SignIn, SignInResult } from './sign-in.js';
import type { StoreKeys } from './store-keys.js';

const MINUTE_MS = 60_000;

/** Options of the OpenID Connect provider. */
export interface OpenIdOptions {
  /** The provider's address; its metadata is at `/.well-known/openid-configuration` below it. */
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** Label of the sign-in button. */
  readonly name: string;
}

interface OpenIdSignInOptions extends OpenIdOptions {
  readonly keys: StoreKeys;
  readonly known: ExternalIdentities;
  readonly signIn: SignIn;
  /** Without a trailing slash; register it at the provider with one. */
  readonly publicUrl: () => string;
  readonly limits: Pick<ChatServerLimits, 'openIdMinutes' | 'openIdFlowsMax'>;
  readonly log: Logger;
  /** Milliseconds since the epoch. */
  readonly wallNow: () => number;
}

/**
 * Signs users in with OpenID Connect: authorization code with PKCE, state and nonce. The provider answers in the fragment
 * of our page's address, which browsers do not send, so that no code reaches a log. The page then sends the answer to us,
 * together with the secret (`flow`) that this browser got at the start. So the link of an attacker cannot sign a user in
 * to the attacker's account.
 */
export class OpenIdSignIn {
  readonly #options: OpenIdSignInOptions;
  readonly #flows: SealedFlows;
  /**
   * States of flows that this node finished, to prevent replay. At another node, the provider refuses the code, which
   * is single-use too. When full, evicts the oldest, whose code has expired at the provider.
   */
  readonly #finished = new Set<string>();
  #provider: Promise<Configuration> | null = null;

  constructor(options: OpenIdSignInOptions) {
    this.#options = options;
    this.#flows = new SealedFlows(options.keys);
  }

  /**
   * Returns the address to send the browser to, and the secret that it must send back.
   * @throws RestRefusal `busy` if the provider cannot be reached
   */
  async begin(): Promise<{ readonly url: string; readonly flow: string }> {
    const client = await import('openid-client');
    const provider = await this.#discover();
    const verifier = client.randomPKCECodeVerifier();
    const [state, nonce] = [client.randomState(), client.randomNonce()];
    const { limits, wallNow } = this.#options;
    const expiresAt = wallNow() + limits.openIdMinutes * MINUTE_MS;
    const flow = await this.#flows.seal({ state, nonce, verifier, expiresAt });
    const url = client.buildAuthorizationUrl(provider, {
      redirect_uri: this.#redirectUri(),
      response_mode: 'fragment',
      scope: 'openid profile',
      code_challenge: await client.calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
      state,
      nonce,
    });
    return { url: url.href, flow };
  }

  /**
   * Signs in with `answer`, the content of the fragment.
   * @throws RestRefusal `identity_refused`, `suspended` or `busy`
   */
  async finish(flow: string, answer: string, label: string | undefined): Promise<SignInResult> {
    const begun = await this.#flows.open(flow);
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
    // The library reads the answer from an address; the path stays the registered one.
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

  /**
   * Fetches the provider's metadata at the first use, and again after a failure. Not at the start of the server, because
   * a provider that is down must not prevent the start.
   */
  async #discover(): Promise<Configuration> {
    const { issuer, clientId, clientSecret, log } = this.#options;
    const client = await import('openid-client');
    const url = new URL(issuer);
    // Plain http only to this machine, where no one can intercept it.
    const local = url.protocol === 'http:' && ['localhost', '127.0.0.1', '[::1]'].includes(url.hostname);
    // OpenID Connect Core 3.1.3.7 considers TLS sufficient; checking the signature also protects where TLS is
    // intercepted.
    const execute = [client.enableNonRepudiationChecks, ...(local ? [client.allowInsecureRequests] : [])];
    this.#provider ??= client.discovery(url, clientId, clientSecret, undefined, { execute });
    try {
      return await this.#provider;
    } catch (error) {
      this.#provider = null;
      log.error(`The OpenID provider ${issuer} could not be read. Check openId.issuer.`, error);
      throw new RestRefusal('busy', 5_000);
    }
  }

  /** Refuses a flow that was finished before. */
  #finishOnce({ state }: Flow): void {
    if (this.#finished.has(state)) throw new RestRefusal('identity_refused');
    this.#finished.add(state);
    const [oldest] = this.#finished;
    if (this.#finished.size > this.#options.limits.openIdFlowsMax && oldest !== undefined)
      this.#finished.delete(oldest);
  }
}
