import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair } from 'jose';
import Provider from 'oidc-provider';

/** The credentials of the chat server at the provider. */
export const testClient = { clientId: 'chat', clientSecret: 'a secret of the client' };

/**
 * A real OpenID Connect provider on its own port, with its own pages. It accepts every name that a person enters, with any
 * password.
 */
export class TestProvider {
  readonly issuer: string;
  readonly #http: Server;

  private constructor(http: Server) {
    this.#http = http;
    this.issuer = `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
  }

  /** Opens the port, so that the address of the provider is known. */
  static async listen(): Promise<TestProvider> {
    const http = createServer();
    http.listen(0, '127.0.0.1');
    await once(http, 'listening');
    return new TestProvider(http);
  }

  /** Starts to answer, and redirects browsers only to `redirectUri`. */
  async serve(redirectUri: string): Promise<void> {
    const { privateKey } = await generateKeyPair('RS256', { extractable: true });
    const client = {
      client_id: testClient.clientId,
      client_secret: testClient.clientSecret,
      redirect_uris: [redirectUri],
      response_types: ['code' as const],
      grant_types: ['authorization_code'],
    };
    const provider = new Provider(this.issuer, {
      clients: [client],
      jwks: { keys: [{ ...(await exportJWK(privateKey)), alg: 'RS256', use: 'sig' }] },
      pkce: { required: () => true },
      cookies: { keys: ['one'] },
      claims: { openid: ['sub'], profile: ['name', 'preferred_username', 'picture'] },
      findAccount: (_context, id) => ({
        accountId: id,
        claims: async () => ({ sub: id, name: `${id} of elsewhere`, preferred_username: id }),
      }),
    });
    this.#http.on('request', provider.callback());
  }

  async close(): Promise<void> {
    this.#http.closeAllConnections();
    await new Promise((resolve) => this.#http.close(resolve));
  }
}
