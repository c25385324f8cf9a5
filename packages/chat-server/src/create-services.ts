import type { AddressInfo } from 'node:net';
import type { Accounts, Store } from '@everywire/chat';
import type { FastifyInstance } from 'fastify';
import { AccountAdministration } from './account-administration.js';
import { LinkAdmission } from './admission.js';
import { defaultAttachmentLimits } from './attachments/attachment-limits.js';
import type { AttachmentsOptions } from './attachments/attachments.js';
import { Avatars } from './attachments/avatars.js';
import type { ChatServerServices } from './chat-server-services.js';
import type { ChatSessionHost } from './chat-session-host.js';
import { DeviceSecrets } from './device-secrets.js';
import { EmailConfirmation } from './email-confirmation.js';
import { ExternalIdentities } from './external-identities.js';
import { InFlightRequests } from './in-flight-requests.js';
import type { JwtIdentity, JwtIdentityOptions } from './jwt-identity.js';
import type { ChatServerLimits } from './limits.js';
import type { Logger } from './logger.js';
import { MailDispatch } from './mail-dispatch.js';
import { MailRateLimit } from './mail-rate-limit.js';
import type { Mailer } from './mailer.js';
import { type OpenIdOptions, OpenIdSignIn } from './openid-sign-in.js';
import { defaultPasswordCost, type PasswordCost, PasswordHasher } from './password-hasher.js';
import { PasswordReset } from './password-reset.js';
import { readInvitation } from './read-invitation.js';
import { Registration } from './registration.js';
import type { OpenApiDocument } from './rest-page.js';
import { SecondFactorCheck } from './second-factor.js';
import type { ServerClock } from './server-clock.js';
import type { Reach, ServerInfo } from './server-info.js';
import { SharedCounts } from './shared-counts.js';
import { SignIn } from './sign-in.js';
import { SignInAttempts } from './sign-in-attempts.js';
import { StoreKeys } from './store-keys.js';

/** The options of a chat server that its services need. */
export interface ServiceOptions {
  readonly store: Store;
  readonly accounts: Accounts;
  readonly place: ServerInfo;
  readonly passwordCost?: PasswordCost;
  /** Sends mails such as links for a new password. Default: no mail is sent. */
  readonly mailer?: Mailer | null;
  /** Returns the start of links, without a trailing slash. Default: `http://localhost` and the port. */
  readonly publicUrl?: () => string;
  /** Accepts tokens that a host application signs. Default: none. */
  readonly jwt?: JwtIdentityOptions | null;
  /** Lets users sign in with an OpenID Connect provider. Default: none. */
  readonly openId?: OpenIdOptions | null;
  /** Attachments and avatars. Default: disabled. */
  readonly attachments?: AttachmentsOptions;
}

/** The method that `@fastify/swagger` adds. */
interface Described {
  swagger(): OpenApiDocument;
}

/** Functions of parts that are created after the services. The services must not call them earlier. */
export interface LaterParts {
  readonly host: () => ChatSessionHost;
  readonly app: () => FastifyInstance;
  readonly tcpOf: () => Reach['tcp'];
}

/**
 * Creates the services behind the REST routes. The caller must prepare `hasher`, and report to `counts` what other
 * nodes have spent.
 */
export async function createServices(
  options: ServiceOptions,
  shared: { readonly limits: ChatServerLimits; readonly log: Logger; readonly clock: ServerClock },
  { host, app, tcpOf }: LaterParts,
): Promise<{ readonly services: ChatServerServices; readonly hasher: PasswordHasher; readonly counts: SharedCounts }> {
  const { accounts, place } = options;
  const { limits, log, clock } = shared;
  const { wallNow, usedNow, systemNow, elapsedNow } = clock;
  const placeName = place.name;
  const hasher = new PasswordHasher({
    cost: options.passwordCost ?? defaultPasswordCost,
    atOnce: limits.passwordHashesAtOnce,
    queuedMax: limits.passwordHashesQueued,
    knownQueuedMax: limits.knownPasswordHashesQueued,
  });
  const registration = new Registration(accounts, place.registration);
  const counts = new SharedCounts((spent) => host().spent(spent), elapsedNow);
  const createBuckets = counts.create;
  const secondFactor = new SecondFactorCheck({ accounts, placeName, limits, wallNow: systemNow, createBuckets });
  const attempts = new SignInAttempts(limits, createBuckets);
  const keys = new StoreKeys(accounts);
  const deviceSecrets = new DeviceSecrets(keys);
  const avatars = createAvatars(options);
  const known = new ExternalIdentities({ accounts, avatars, limits, wallNow });
  const jwt = await createJwt(options.jwt ?? null, {
    accounts,
    wallNow: systemNow,
    known,
    limits,
    log,
  });
  const signedUntil = jwt?.signedUntil ?? systemNow;
  const lasting = new InFlightRequests((token) => signIn.authenticate(token));
  const signIn: SignIn = new SignIn({
    signedUntil,
    accounts,
    hasher,
    attempts,
    deviceSecrets,
    registration,
    secondFactor,
    limits,
    wallNow,
    usedNow,
    systemNow,
    ...(jwt === null ? {} : { authenticateSigned: (token: string) => jwt.authenticate(token) }),
    onEnded: (ended) => host().end(ended),
  });
  const admission = new LinkAdmission({
    accounts,
    signIn,
    registration,
    limits,
    wallNow,
    introduce: (inviter, joined) => host().introduce(inviter, joined),
  });
  const publicUrl = options.publicUrl ?? (() => `http://localhost:${(app().server.address() as AddressInfo).port}`);
  const { openId: provider = null } = options;
  const openId = provider && new OpenIdSignIn({ ...provider, keys, known, signIn, publicUrl, limits, log, wallNow });
  const mails = {
    pace: new MailRateLimit(limits, log, createBuckets),
    dispatch: new MailDispatch(log),
    mailer: options.mailer ?? null,
  };
  const passwordReset = new PasswordReset({ ...mails, accounts, signIn, placeName, publicUrl, limits, log, wallNow });
  const emailConfirmation = new EmailConfirmation({ ...mails, accounts, placeName, limits, wallNow });
  const administration = new AccountAdministration({
    accounts,
    avatars,
    log,
    signedUntil,
    endSessions: (user) => host().end({ of: 'user', user }),
    transportsOf: (user) => host().transportsOf(user),
    createReset: (user) => passwordReset.createFor(user),
    eraseDeleted: () => host().eraseDeleted(),
  });
  const services: ChatServerServices = {
    accounts,
    signIn,
    admission,
    readInvitation: (link) => readInvitation(link, { store: options.store, accounts, wallNow }),
    passwordReset,
    secondFactor,
    registration,
    place,
    limits,
    tcpOf,
    avatars,
    administration,
    lasting,
    emailConfirmation,
    openId: openId && { name: provider?.name ?? '', signIn: openId },
    transportsOf: (user) => host().transportsOf(user),
    runCommand: (user, request) => host().run(user, request),
    presenceOf: (asker, users) => host().presenceOf(asker, users),
    counters: () => host().counters(),
    describe: () => (app() as unknown as Described).swagger(),
  };
  return { services, hasher, counts };
}

function createAvatars({ attachments, accounts, store }: ServiceOptions): Avatars | null {
  if (attachments === undefined) return null;
  const limits = { ...defaultAttachmentLimits, ...attachments.limits };
  return new Avatars({ ...attachments, accounts, store, limits });
}

/** Creates the verifier of signed tokens. Loads the JWT library only if it is needed. */
async function createJwt(
  options: JwtIdentityOptions | null,
  parts: Parameters<typeof JwtIdentity.create>[1],
): Promise<JwtIdentity | null> {
  if (options === null) return null;
  const loaded = await import('./jwt-identity.js');
  return loaded.JwtIdentity.create(options, parts);
}
