import type { LinkInfo, ServerInfo, SignedIn } from '@everywire/chat-client';
import { useState } from 'react';
import { type Backend, codeOf } from '../app/backend.js';
import { type FollowedLink, forgetFollowedLink } from '../app/link-secret.js';
import { useAttempt } from '../app/use-attempt.js';
import { ActionForm } from '../design/action-form.js';
import { PasswordField } from '../design/password-field.js';
import { Problem } from '../design/problem.js';
import { TextField } from '../design/text-field.js';
import { UserNameField } from '../design/user-name-field.js';
import { Fill } from '../i18n/fill.js';
import { errorWords, useWords } from '../i18n/words.js';
import { AlternativeLink } from './alternative-link.js';
import { LanguageLinks } from './language-links.js';
import { useLinkWords } from './link-words.js';
import { hasOpenIdAnswer } from './open-id-button.js';
import { SignInForm } from './sign-in-form.js';
import { Sky } from './sky.js';
import { useLink } from './use-link.js';
import './sign-in.css';

interface LinkPageProps {
  readonly backend: Backend;
  readonly link: FollowedLink;
  /** The account signed in on this device. */
  readonly account: SignedIn | null;
  readonly onSignedIn: (account: SignedIn) => void;
  /** Leaves the link page. */
  readonly onDone: () => void;
}

/** Renders the page of an account link: set-up of the first administrator, invitation, or password reset. */
export function LinkPage(props: LinkPageProps) {
  const words = useWords();
  const { info, problem, place } = useLink(props.backend, props.link);
  return (
    <main className="sign-in">
      <Sky />
      {info === null ? (
        <div className="card">
          <p className="sub" role="status">
            {problem === null ? '' : problem === 'link_ended' ? words.linkEnded : errorWords(words, problem)}
          </p>
          {problem !== null && <Leave {...props} />}
        </div>
      ) : (
        <LinkForm {...props} info={info} place={place} placeName={place?.name ?? props.backend.host} />
      )}
      <footer className="bottom">
        <LanguageLinks />
      </footer>
    </main>
  );
}

/** Renders the button that leaves the link page. */
function Leave({ account, onDone }: Pick<LinkPageProps, 'account' | 'onDone'>) {
  const words = useWords();
  return <AlternativeLink onClick={onDone}>{account === null ? words.toSignInPage : words.toChats}</AlternativeLink>;
}

interface LinkFormProps extends LinkPageProps {
  readonly info: LinkInfo;
  /** `null` until the server has answered. */
  readonly place: ServerInfo | null;
  readonly placeName: string;
}

/** A signed-in account that could not become administrator, and why. */
interface FailedSetUp {
  readonly account: SignedIn;
  readonly why: string;
}

function LinkForm(props: LinkFormProps) {
  const { backend, link, info, place, onSignedIn } = props;
  const [hasAccount, setHasAccount] = useState(hasOpenIdAnswer);
  const [unclaimed, setUnclaimed] = useState<FailedSetUp | null>(null);
  if (unclaimed !== null) {
    const { account, why } = unclaimed;
    // Another attempt must not sign in again, and leaving the page keeps the sign-in.
    return <AccountForm {...props} account={account} why={why} onDone={() => onSignedIn(account)} />;
  }
  if (hasAccount && info.kind !== 'reset') {
    const enter = async (account: SignedIn) => {
      try {
        if (info.kind === 'setup') await backend.account(account.token).claimSetUp(link.secret);
        onSignedIn(account);
      } catch (error) {
        setUnclaimed({ account, why: codeOf(error) });
      }
    };
    return <SignInForm backend={backend} place={place} onSignedIn={enter} onNoAccount={() => setHasAccount(false)} />;
  }
  return <FormOf {...props} onHasAccount={() => setHasAccount(true)} />;
}

function FormOf(props: JoinFormProps) {
  switch (props.info.kind) {
    case 'reset':
      return <ResetForm {...props} />;
    case 'guest':
      return <GuestForm {...props} />;
    case 'setup':
    case 'account':
      return <AccountForm {...props} />;
  }
}

interface JoinFormProps extends LinkFormProps {
  readonly onHasAccount?: () => void;
  /** The error code why the signed-in account is not administrator yet. */
  readonly why?: string;
}

/** Renders the link to the sign-in form for people with an account. Hidden if one is signed in already. */
function SignInLink({ account, onHasAccount }: JoinFormProps) {
  const words = useWords();
  if (account !== null || onHasAccount === undefined) return null;
  return <AlternativeLink onClick={onHasAccount}>{words.toSignIn}</AlternativeLink>;
}

function AccountForm(props: JoinFormProps) {
  const { backend, link, info, account, placeName, onSignedIn, onDone } = props;
  const words = useWords();
  const linkWords = useLinkWords();
  const [name, setName] = useState('');
  const [displayName, setDisplayName] = useState('');
  const [password, setPassword] = useState('');
  const { problem, attempt } = useAttempt(props.why);
  const setUp = info.kind === 'setup';
  const sentence = setUp ? linkWords.setUp : info.by === null ? linkWords.joinWithoutInviter : linkWords.join;
  const submit = async () => {
    const shown = displayName.trim() === '' ? {} : { displayName: displayName.trim() };
    const request = { secret: link.secret, name: name.trim(), password, ...shown };
    onSignedIn(await (setUp ? backend.links.setUp(request) : backend.links.join(request)));
  };
  const claim = async (known: SignedIn) => {
    await backend.account(known.token).claimSetUp(link.secret);
    onDone();
  };
  return (
    <ActionForm
      shape="card"
      title={<Fill sentence={sentence} place={<bdi>{placeName}</bdi>} name={<bdi>{info.by?.displayName}</bdi>} />}
      text={setUp ? linkWords.setUpText : ''}
      button={words.register}
      ready={name.trim() !== '' && password !== ''}
      act={submit}
      foot={
        <>
          <SignInLink {...props} />
          {setUp && account !== null && (
            <>
              <AlternativeLink onClick={() => void attempt(() => claim(account))}>
                {words.becomeAdministrator(account.me.displayName)}
              </AlternativeLink>
              <Problem code={problem} />
              <Leave account={account} onDone={onDone} />
            </>
          )}
        </>
      }
    >
      <UserNameField value={name} onChange={setName} first />
      <TextField label={words.displayName} value={displayName} onChange={setDisplayName} autoComplete="name" />
      <PasswordField of="first" value={password} onChange={setPassword} />
    </ActionForm>
  );
}

function GuestForm(props: JoinFormProps) {
  const { backend, link, info, placeName, onSignedIn } = props;
  const words = useWords();
  const linkWords = useLinkWords();
  const [displayName, setDisplayName] = useState('');
  const by = info.by?.displayName ?? placeName;
  return (
    <ActionForm
      shape="card"
      title={<Fill sentence={linkWords.guest} place={<bdi>{placeName}</bdi>} name={<bdi>{by}</bdi>} />}
      text={linkWords.guestText}
      button={words.joinAsGuest}
      ready={displayName.trim() !== ''}
      act={async () =>
        onSignedIn(await backend.links.joinAsGuest({ secret: link.secret, displayName: displayName.trim() }))
      }
      foot={<SignInLink {...props} />}
    >
      <TextField label={words.displayName} value={displayName} onChange={setDisplayName} autoComplete="name" first />
    </ActionForm>
  );
}

function ResetForm({ backend, link, account, onDone }: LinkFormProps) {
  const words = useWords();
  const linkWords = useLinkWords();
  const [password, setPassword] = useState('');
  const [set, setSet] = useState(false);
  if (set) {
    return (
      <div className="card">
        <p className="sub" role="status">
          {linkWords.passwordSet}
        </p>
        <Leave account={account} onDone={onDone} />
      </div>
    );
  }
  return (
    <ActionForm
      shape="card"
      title={linkWords.reset}
      button={words.setPassword}
      ready={password !== ''}
      act={async () => {
        await backend.links.finishReset(link.secret, password);
        // The link works once, so a reload must not try it again.
        forgetFollowedLink();
        setSet(true);
      }}
      foot={<Leave account={account} onDone={onDone} />}
    >
      <PasswordField of="next" value={password} onChange={setPassword} first />
    </ActionForm>
  );
}
