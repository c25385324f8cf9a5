import type { AddressInfo } from 'node:net';
import type { Accounts } from '@everywire/chat';
import type { FastifyInstance } from 'fastify';
import { Admission } from './admission.js';
import type { AttachmentsOptions } from './attachments/attachments.js';
import { Avatars } from './attachments/avatars.js';
import type { ChatServerServices } from './chat-server-services.js';
import type { JwtIdentity, JwtIdentityOptions } from './jwt-identity.js';
import { KnownIdentity } from './known-identity.js';
import type { ChatServerLimits } from './limits.js';
import type { Log } from './log.js';
import type { Mailer } from './mailer.js';
import { type OpenIdOptions, OpenIdSignIn } from './openid-sign-in.js';
import { defaultPasswordCost, type PasswordCost, PasswordHasher } from './password-hasher.js';
import { PasswordReset } from './password-reset.js';
import type { Place, Reach } from './place.js';
import { Registration } from './registration.js';
import type { OpenApiDocument } from './rest-page.js';
import { SecondFactorCheck } from './second-factor.js';
import type { SessionHost } from './session-host.js';
import { SignIn } from './sign-in.js';
import { SignInAttempts } from './sign-in-attempts.js';

/** What of a chat server's options the services are made of. */
export interface ServiceOptions {
  readonly accounts: Accounts;
  readonly place: Place;
  readonly passwordCost?: PasswordCost;
  /** How links for a new password are sent. Default: they are not. */
  readonly mailer?: Mailer | null;
  /** Where links begin, without a slash at the end. Default: `http://localhost` and the port. */
  readonly publicUrl?: () => string;
  /** Accepts tokens that a host application signs. Default: none. */
  readonly jwt?: JwtIdentityOptions | null;
  /** Lets people sign in by an OpenID Connect provider. Default: none. */
  readonly openId?: OpenIdOptions | null;
  /** Files that go along with messages, and pictures of people. Default: there are none. */
  readonly attachments?: AttachmentsOptions;
}

/** What `@fastify/swagger` adds. */
interface Described {
  swagger(): OpenApiDocument;
}

/** What services ask of parts that are made after them. */
export interface LaterParts {
  readonly host: () => SessionHost;
  readonly app: () => FastifyInstance;
  readonly tcpOf: () => Reach['tcp'];
}

/** Everything behind the routes of the REST interface, and the hasher, to be prepared. */
export async function createServices(
  options: ServiceOptions,
  shared: { readonly limits: ChatServerLimits; readonly log: Log; readonly wallNow: () => number },
  { host, app, tcpOf }: LaterParts,
): Promise<{ readonly services: ChatServerServices; readonly hasher: PasswordHasher }> {
  const { accounts, place } = options;
  const { limits, log, wallNow } = shared;
  const placeName = place.name;
  const hasher = new PasswordHasher({
    cost: options.passwordCost ?? defaultPasswordCost,
    atOnce: limits.passwordHashesAtOnce,
    queuedMax: limits.passwordHashesQueued,
  });
  const registration = new Registration(accounts, place.registration);
  const secondFactor = new SecondFactorCheck({ accounts, placeName, limits, wallNow });
  const attempts = new SignInAttempts(limits);
  const jwt = await createJwt(options.jwt ?? null, {
    accounts,
    wallNow,
    limits,
    known: new KnownIdentity(accounts, limits, wallNow),
  });
  const signIn = new SignIn({
    ...{ accounts, hasher, attempts, registration, secondFactor, limits, wallNow },
    ...(jwt === null ? {} : { authenticateSigned: (token: string) => jwt.authenticate(token) }),
    liveCredentials: (user) => host().credentialsOf(user),
    onRevoked: (ids) => host().endCredentials(ids),
  });
  const admission = new Admission({
    ...{ accounts, signIn, registration, limits, wallNow },
    introduce: (inviter, joined) => host().introduce(inviter, joined),
  });
  const publicUrl = options.publicUrl ?? (() => `http://localhost:${(app().server.address() as AddressInfo).port}`);
  const { openId: provider = null } = options;
  const openId = provider && new OpenIdSignIn({ ...provider, accounts, signIn, publicUrl, limits, log, wallNow });
  const passwordReset = new PasswordReset({
    ...{ accounts, signIn, placeName, limits, log, wallNow, mailer: options.mailer ?? null },
    publicUrl,
  });
  const services: ChatServerServices = {
    ...{ accounts, signIn, admission, passwordReset, secondFactor, registration, place, limits, tcpOf },
    avatars: options.attachments === undefined ? null : new Avatars({ ...options.attachments, accounts }),
    openId: openId && { name: provider?.name ?? '', signIn: openId },
    transportsOf: (user) => host().transportsOf(user),
    runCommand: (user, request) => host().run(user, request),
    presenceOf: (asker, users) => host().presenceOf(asker, users),
    counters: () => host().wire.counters(),
    describe: () => (app() as unknown as Described).swagger(),
  };
  return { services, hasher };
}

/** The library is loaded only where it is wanted. */
async function createJwt(
  options: JwtIdentityOptions | null,
  parts: Parameters<typeof JwtIdentity.create>[1],
): Promise<JwtIdentity | null> {
  if (options === null) return null;
  const loaded = await import('./jwt-identity.js');
  return loaded.JwtIdentity.create(options, parts);
}
