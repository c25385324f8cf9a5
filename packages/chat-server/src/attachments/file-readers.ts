import type { User, UserId } from '@everywire/chat';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { hashBearerToken, parseAuthorization } from '../bearer-token.js';
import { RestRefusal } from '../error-codes.js';
import type { SignIn } from '../sign-in.js';
import { filesCookie } from './files-cookie.js';

const filesPath = '/api/files';

const hashPattern = /^[A-Za-z0-9_-]{43}$/;

/**
 * Who may read files. A browser's own elements (`img`, `video` with its ranges) send no header, so they may show a cookie instead. It
 * holds the hash of the sign-in's token: it ends with the sign-in, opens nothing but what is read here, and the token cannot be
 * made of it. No page can read it, and no other site can make a browser send it.
 */
export class FileReaders {
  readonly #signIn: Pick<SignIn, 'authenticate' | 'authenticateHash'>;

  constructor(signIn: Pick<SignIn, 'authenticate' | 'authenticateHash'>) {
    this.#signIn = signIn;
  }

  /** By the header alone: whatever changes something. */
  async callerOf(request: FastifyRequest): Promise<UserId> {
    return (await this.#personOf(request)).id;
  }

  async #personOf({ headers }: FastifyRequest): Promise<User> {
    const caller = await this.#signIn.authenticate(parseAuthorization(headers.authorization));
    if (caller === null) throw new RestRefusal('unauthenticated');
    return caller.user;
  }

  /** By the header, else by the cookie. */
  async readerOf(request: FastifyRequest): Promise<User> {
    const hash = request.cookies[filesCookie];
    if (request.headers.authorization !== undefined || hash === undefined) return this.#personOf(request);
    const caller = hashPattern.test(hash) ? await this.#signIn.authenticateHash(hash) : null;
    if (caller === null) throw new RestRefusal('unauthenticated');
    return caller.user;
  }

  /** Gives the browser of who asks the cookie; it lasts as long as the browser is open. */
  async admit(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    await this.callerOf(request);
    const hash = hashBearerToken(parseAuthorization(request.headers.authorization) ?? '');
    const secure = request.protocol === 'https';
    return reply
      .setCookie(filesCookie, hash, { path: filesPath, httpOnly: true, sameSite: 'strict', secure })
      .code(204)
      .send();
  }
}
