import type { Accounts, UserId } from '@everywire/chat';
import type { AccountAdministration } from './account-administration.js';
import type { LinkAdmission } from './admission.js';
import type { Avatars } from './attachments/avatars.js';
import type { ChatSessionHost } from './chat-session-host.js';
import type { EmailConfirmation } from './email-confirmation.js';
import type { InFlightRequests } from './in-flight-requests.js';
import type { ChatServerLimits } from './limits.js';
import type { OpenIdSignIn } from './openid-sign-in.js';
import type { PasswordReset } from './password-reset.js';
import type { readInvitation } from './read-invitation.js';
import type { Registration } from './registration.js';
import type { OpenApiDocument } from './rest-page.js';
import type { SecondFactorCheck } from './second-factor.js';
import type { Reach, ServerInfo } from './server-info.js';
import type { SignIn } from './sign-in.js';

/** The services behind the REST routes. One instance for the whole server. */
export interface ChatServerServices {
  readonly accounts: Accounts;
  readonly signIn: SignIn;
  readonly lasting: InFlightRequests;
  readonly administration: AccountAdministration;
  readonly admission: LinkAdmission;
  /** Describes a link to a group or channel, for people who have not signed in. */
  readonly readInvitation: (link: {
    readonly conversation: number;
    readonly secret: string;
  }) => ReturnType<typeof readInvitation>;
  readonly passwordReset: PasswordReset;
  readonly emailConfirmation: EmailConfirmation;
  readonly secondFactor: SecondFactorCheck;
  readonly registration: Registration;
  /** `null` if files are disabled. */
  readonly avatars: Avatars | null;
  readonly place: ServerInfo;
  readonly limits: ChatServerLimits;
  /** Signing in with an external provider, and the label of its button; `null` if none is configured. */
  readonly openId: { readonly name: string; readonly signIn: OpenIdSignIn } | null;
  /** Returns the description of all routes. Must be called only after all were added. */
  readonly describe: () => OpenApiDocument;
  /** Runs a command of an authenticated user without a session. */
  readonly runCommand: ChatSessionHost['run'];
  readonly presenceOf: ChatSessionHost['presenceOf'];
  /** Returns how often each notice was given since the start, by its code. */
  readonly counters: () => Readonly<Record<string, number>>;
  /** Returns the address of the raw TCP port; `null` if there is none. */
  readonly tcpOf: () => Reach['tcp'];
  /** Returns the transport of each connected sign-in of a user, by the id of the sign-in. */
  readonly transportsOf: (user: UserId) => ReadonlyMap<string, string>;
}
