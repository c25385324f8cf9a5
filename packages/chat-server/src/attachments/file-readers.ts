import type { User } from '@everywire/chat';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { hashBearerToken, isOwnToken, parseAuthorization } from '../bearer-token.js';
import { RestRefusal } from '../error-codes.js';
import { type Caller, SIGNED_PREFIX, type SignIn } from '../sign-in.js';
import { FILES_COOKIE, type FilesGrant, openGrant, sealGrant } from './files-cookie.js';

const FILES_PATH = '/api/files';

/** The user who reads a file, and the sign-in that authorizes it. */
export interface FileReader {
  readonly user: User;
  /** Empty for a cookie given for a signed token, whose id is not stored. */
  readonly credential: string;
  /** When the token was signed, in milliseconds since the epoch; absent for our own sign-ins. */
  readonly signedAt?: number;
}

type Authenticate = Pick<SignIn, 'authenticate' | 'authenticateHash' | 'signedStill'>;

/**
 * Authenticates readers of files. Elements such as `img` and `video` send no authorization header, so a cookie may
 * replace it. The cookie refers to the sign-in or signed token that it was issued for and ends with it. It authorizes
 * only reading files, and no token can be derived from it. Scripts cannot read it, and other sites cannot make a
 * browser send it.
 */
export class FileReaders {
  readonly #signIn: Authenticate;
  readonly #key: Buffer;

  /** `key` authenticates the cookie. */
  constructor(signIn: Authenticate, key: Buffer) {
    this.#signIn = signIn;
    this.#key = key;
  }

  /**
   * Authenticates by the header alone; for requests that change something.
   * @throws RestRefusal `unauthenticated`
   */
  async callerOf({ headers }: FastifyRequest): Promise<Caller> {
    const caller = await this.#signIn.authenticate(parseAuthorization(headers.authorization));
    if (caller === null) throw new RestRefusal('unauthenticated');
    return caller;
  }

  /**
   * Authenticates by the header if present, otherwise by the cookie.
   * @throws RestRefusal `unauthenticated`
   */
  async readerOf(request: FastifyRequest): Promise<FileReader> {
    const value = request.cookies[FILES_COOKIE];
    if (request.headers.authorization !== undefined || value === undefined)
      return readerBy(await this.callerOf(request));
    const grant = openGrant(value, this.#key);
    const reader = grant === null ? null : await this.#readerBy(grant);
    if (reader === null) throw new RestRefusal('unauthenticated');
    return reader;
  }

  /**
   * Sets the cookie in the caller's browser, for as long as the browser is open.
   * @throws RestRefusal `unauthenticated`
   */
  async admit(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const caller = await this.callerOf(request);
    const value = sealGrant(grantOf(caller, parseAuthorization(request.headers.authorization) ?? ''), this.#key);
    const secure = request.protocol === 'https';
    return reply
      .setCookie(FILES_COOKIE, value, { path: FILES_PATH, httpOnly: true, sameSite: 'strict', secure })
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

/** Returns the reader for an authenticated caller. */
export function readerBy({ user, credential }: Caller): FileReader {
  const { id, createdAt } = credential;
  return { user, credential: id, ...(id.startsWith(SIGNED_PREFIX) && { signedAt: createdAt }) };
}

function grantOf({ user, credential, expiresAt = 0 }: Caller, token: string): FilesGrant {
  if (isOwnToken(token)) return { by: 'sign-in', tokenHash: hashBearerToken(token) };
  return { by: 'signed', user: user.id, issuedAt: credential.createdAt, expiresAt };
}
