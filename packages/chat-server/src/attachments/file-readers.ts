import type { User } from '@everywire/chat';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { hashBearerToken, isOwnToken, parseAuthorization } from '../bearer-token.js';
import { RestRefusal } from '../error-codes.js';
import { type Caller, type SignIn, signedPrefix } from '../sign-in.js';
import { type FilesGrant, filesCookie, openGrant, sealGrant } from './files-cookie.js';

const filesPath = '/api/files';

/** Who reads a file, and by which sign-in. */
export interface FileReader {
  readonly user: User;
  /** Empty for a cookie by a signed token, whose id nobody kept. */
  readonly credential: string;
  /** When the token was signed, milliseconds since the epoch; absent for a sign-in of our own. */
  readonly signedAt?: number;
}

type Authenticate = Pick<SignIn, 'authenticate' | 'authenticateHash' | 'signedStill'>;

/**
 * Who may read files. A browser's own elements (`img`, `video` with its ranges) send no header, so they may show a cookie instead. It
 * names the sign-in, or the signed token, that it was given to: it ends with that, opens nothing but what is read here, and no token can be
 * made of it. No page can read it, and no other site can make a browser send it.
 */
export class FileReaders {
  readonly #signIn: Authenticate;
  readonly #key: Buffer;

  /** `key` seals the cookie. */
  constructor(signIn: Authenticate, key: Buffer) {
    this.#signIn = signIn;
    this.#key = key;
  }

  /** By the header alone: whatever changes something. */
  async callerOf({ headers }: FastifyRequest): Promise<Caller> {
    const caller = await this.#signIn.authenticate(parseAuthorization(headers.authorization));
    if (caller === null) throw new RestRefusal('unauthenticated');
    return caller;
  }

  /** By the header, else by the cookie. */
  async readerOf(request: FastifyRequest): Promise<FileReader> {
    const value = request.cookies[filesCookie];
    if (request.headers.authorization !== undefined || value === undefined)
      return readerBy(await this.callerOf(request));
    const grant = openGrant(value, this.#key);
    const reader = grant === null ? null : await this.#readerBy(grant);
    if (reader === null) throw new RestRefusal('unauthenticated');
    return reader;
  }

  /** Gives the browser of who asks the cookie; it lasts as long as the browser is open. */
  async admit(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const caller = await this.callerOf(request);
    const value = sealGrant(grantOf(caller, parseAuthorization(request.headers.authorization) ?? ''), this.#key);
    const secure = request.protocol === 'https';
    return reply
      .setCookie(filesCookie, value, { path: filesPath, httpOnly: true, sameSite: 'strict', secure })
      .code(204)
      .send();
  }

  async #readerBy(grant: FilesGrant): Promise<FileReader | null> {
    if (grant.by === 'sign-in') {
      const caller = await this.#signIn.authenticateHash(grant.tokenHash);
      return caller && readerBy(caller);
    }
    const user = await this.#signIn.signedStill(grant);
    return user && { user, credential: '', signedAt: grant.issuedAt };
  }
}

export function readerBy({ user, credential }: Caller): FileReader {
  const { id, createdAt } = credential;
  return { user, credential: id, ...(id.startsWith(signedPrefix) && { signedAt: createdAt }) };
}

function grantOf({ user, credential, expiresAt = 0 }: Caller, token: string): FilesGrant {
  if (isOwnToken(token)) return { by: 'sign-in', tokenHash: hashBearerToken(token) };
  return { by: 'signed', user: user.id, issuedAt: credential.createdAt, expiresAt };
}
