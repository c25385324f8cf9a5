import type { Accounts, UserId } from '@everywire/chat';
import type { AccountAdministration } from './account-administration.js';
import type { Admission } from './admission.js';
import type { Avatars } from './attachments/avatars.js';
import type { EmailConfirmation } from './email-confirmation.js';
import type { LastingRequests } from './lasting-requests.js';
import type { ChatServerLimits } from './limits.js';
import type { OpenIdSignIn } from './openid-sign-in.js';
import type { PasswordReset } from './password-reset.js';
import type { Place, Reach } from './place.js';
import type { Registration } from './registration.js';
import type { OpenApiDocument } from './rest-page.js';
import type { SecondFactorCheck } from './second-factor.js';
import type { SessionHost } from './session-host.js';
import type { SignIn } from './sign-in.js';

/** What the routes of the REST interface are made of. One for the whole server. */
export interface ChatServerServices {
  readonly accounts: Accounts;
  readonly signIn: SignIn;
  readonly lasting: LastingRequests;
  readonly administration: AccountAdministration;
  readonly admission: Admission;
  readonly passwordReset: PasswordReset;
  readonly emailConfirmation: EmailConfirmation;
  readonly secondFactor: SecondFactorCheck;
  readonly registration: Registration;
  /** `null` where no files are taken. */
  readonly avatars: Avatars | null;
  readonly place: Place;
  readonly limits: ChatServerLimits;
  /** Signing in by a provider elsewhere, and what its button says. */
  readonly openId: { readonly name: string; readonly signIn: OpenIdSignIn } | null;
  /** The description of all routes, once all are there. */
  readonly describe: () => OpenApiDocument;
  /** Runs a command of somebody who is signed in, without a session. */
  readonly runCommand: SessionHost['run'];
  readonly presenceOf: SessionHost['presenceOf'];
  /** How often each notice was given since the start, by its code. */
  readonly counters: () => Readonly<Record<string, number>>;
  readonly tcpOf: () => Reach['tcp'];
  /** The transport of each sign-in of a person that is connected now, by the id of the sign-in. */
  readonly transportsOf: (user: UserId) => ReadonlyMap<string, string>;
}
