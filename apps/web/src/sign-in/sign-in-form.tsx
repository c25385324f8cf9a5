import type { InviteLink, ServerInfo, SignedIn } from '@everywire/chat-client';
import { type FormEvent, useEffect, useState } from 'react';
import type { Backend } from '../app/backend.js';
import { waitingInvite } from '../app/followed-invite.js';
import { LazyPart, lazyComponent } from '../app/lazy-component.js';
import { useAttempt } from '../app/use-attempt.js';
import { useLayer } from '../app/use-layer.js';
import { nameHint, passwordHint } from '../design/password-rule.js';
import { Problem } from '../design/problem.js';
import { TextField } from '../design/text-field.js';
import { Fill } from '../i18n/fill.js';
import { useWords } from '../i18n/words.js';
import { AlternativeLink } from './alternative-link.js';
import { ForgotPassword } from './forgot-password.js';
import { OpenIdButton } from './open-id-button.js';

const groupInvite = lazyComponent(() => import('./group-invite.js').then((module) => module.GroupInvite));

interface SignInFormProps {
  readonly backend: Backend;
  readonly place: ServerInfo | null;
  /** The server has ended the previous sign-in. */
  readonly ended?: boolean;
  /** The form waits for the returned promise and shows its failure. */
  readonly onSignedIn: (account: SignedIn) => void | Promise<void>;
  /** Returns to the form of the opened link, where new people register. */
  readonly onNoAccount?: () => void;
}

/** Renders the form to sign in or register. Registering also asks for the display name. */
export function SignInForm({ backend, place, ended = false, onSignedIn, onNoAccount }: SignInFormProps) {
  const words = useWords();
  const [invite] = useState(waitingInvite);
  const [chosen, setJoining] = useState<boolean | null>(null);
  const joining = chosen ?? registersFirst(invite, place, onNoAccount);
  const [forgot, setForgot] = useState(false);
  const [fields, setFields] = useState<Fields>({ name: '', displayName: '', password: '', code: '' });
  const { busy, problem, clear, attempt } = useAttempt();
  const [asksCode, setAsksCode] = useState(false);
  useEffect(() => {
    if (problem === 'second_factor_required') setAsksCode(true);
  }, [problem]);
  const ask = (toJoin: boolean) => {
    setJoining(toJoin);
    clear();
  };
  // Back returns to the first form instead of leaving the site.
  useLayer(() => ask(false), chosen === true);
  useLayer(() => setForgot(false), forgot);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void attempt(async () => {
      const { name, password } = { ...fields, name: fields.name.trim() };
      const displayName = fields.displayName.trim();
      await onSignedIn(
        await (joining
          ? backend.register({ name, password, displayName })
          : backend.signIn({ name, password, ...(asksCode ? { code: fields.code } : {}) })),
      );
    });
  };
  if (forgot) return <ForgotPassword backend={backend} way={place?.passwordReset} onBack={() => setForgot(false)} />;
  return (
    <form className="card" onSubmit={submit} noValidate>
      <Heading sentence={joining ? words.registerAt : words.signInTo} host={backend.host} place={place} />
      {place?.hasAdministrator === false && <p className="sub">{words.setUpWaits}</p>}
      {invite !== null && <LazyPart of={groupInvite} props={{ backend, link: invite, place }} />}
      {/* The likely reason, until the server gives the actual one. */}
      {ended && problem !== 'suspended' && <p className="sub">{words.signedOutByServer}</p>}
      <FieldsOf joining={joining} place={place} fields={fields} onFields={setFields} />
      {asksCode && !joining && (
        <TextField
          label={words.secondFactorCode}
          hint={words.secondFactorCodeHint}
          value={fields.code}
          onChange={(code) => setFields({ ...fields, code })}
          autoComplete="one-time-code"
          plain
          first
        />
      )}
      <Problem code={problem} />
      <button
        type="submit"
        className="button main"
        disabled={busy || fields.name.trim() === '' || fields.password === ''}
      >
        {joining ? words.register : words.signIn}
      </button>
      {(onNoAccount !== undefined || place === null || place.registration === 'open') && (
        <AlternativeLink onClick={onNoAccount ?? (() => ask(!joining))}>
          {joining ? words.toSignIn : words.toRegister}
        </AlternativeLink>
      )}
      <OpenIdButton backend={backend} provider={place?.openId ?? null} onSignedIn={onSignedIn} />
      {!joining && <AlternativeLink onClick={() => setForgot(true)}>{words.forgotPassword}</AlternativeLink>}
    </form>
  );
}

/** Returns whether the form begins with registering: most people who open a group's link have no account yet. */
function registersFirst(
  invite: InviteLink | null,
  place: ServerInfo | null,
  onNoAccount: SignInFormProps['onNoAccount'],
): boolean {
  return invite !== null && onNoAccount === undefined && place?.registration === 'open';
}

interface HeadingProps {
  readonly sentence: string;
  readonly host: string;
  readonly place: ServerInfo | null;
}

/** Renders the name and operator of the server, as far as it has answered. */
function Heading({ sentence, host, place }: HeadingProps) {
  const words = useWords();
  return (
    <>
      <h1>
        <Fill sentence={sentence} place={<bdi>{place?.name ?? host}</bdi>} />
      </h1>
      <p className="sub">
        {place !== null && place.runBy !== '' && <Fill sentence={words.runBy} owner={<bdi>{place.runBy}</bdi>} />}
        {place !== null && place.runBy === '' && words.runBySomeone}
      </p>
    </>
  );
}

interface Fields {
  readonly name: string;
  readonly displayName: string;
  readonly password: string;
  readonly code: string;
}

interface FieldsOfProps {
  readonly place: ServerInfo | null;
  readonly joining: boolean;
  readonly fields: Fields;
  readonly onFields: (fields: Fields) => void;
}

function FieldsOf({ joining, place, fields, onFields }: FieldsOfProps) {
  const words = useWords();
  return (
    <>
      <TextField
        label={words.userName}
        hint={joining ? nameHint(words, place) : undefined}
        value={fields.name}
        onChange={(name) => onFields({ ...fields, name })}
        autoComplete="username"
        plain
        first
      />
      {joining && (
        <TextField
          label={words.displayName}
          value={fields.displayName}
          onChange={(displayName) => onFields({ ...fields, displayName })}
          autoComplete="name"
        />
      )}
      <TextField
        label={words.password}
        hint={joining ? passwordHint(words, place) : undefined}
        value={fields.password}
        onChange={(password) => onFields({ ...fields, password })}
        autoComplete={joining ? 'new-password' : 'current-password'}
        type="password"
      />
    </>
  );
}
