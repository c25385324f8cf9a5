import type { LinkInfo, ServerInfo, SignedIn } from '@everywire/chat-client';
import { useEffect, useState } from 'react';
import { type Backend, codeOf } from '../app/backend.js';
import type { FollowedLink } from '../app/link-secret.js';
import { useAttempt } from '../app/use-attempt.js';
import { Fill } from '../i18n/fill.js';
import { errorWords, useWords } from '../i18n/words.js';
import { ActForm } from '../look/act-form.js';
import { PasswordField } from '../look/password-field.js';
import { Problem } from '../look/problem.js';
import { TextField } from '../look/text-field.js';
import { UserNameField } from '../look/user-name-field.js';
import { LanguageLinks } from './language-links.js';
import { Sky } from './sky.js';
import './sign-in.css';

interface LinkPageProps {
  readonly backend: Backend;
  readonly link: FollowedLink;
  /** Who is signed in on this device. */
  readonly account: SignedIn | null;
  readonly onSignedIn: (account: SignedIn) => void;
  /** Back to where one would be without the link. */
  readonly onDone: () => void;
}

/** What a link leads to: the first administrator's account, an invitation, a new password. */
export function LinkPage(props: LinkPageProps) {
  const words = useWords();
  const { info, ended, place } = useLink(props.backend, props.link);
  return (
    <main className="sign-in">
      <Sky />
      {info === null ? (
        <div className="card">
          <p className="sub" role="status">
            {ended === null ? '' : ended === 'link_ended' ? words.linkEnded : errorWords(words, ended)}
          </p>
          {ended !== null && <Leave onDone={props.onDone} />}
        </div>
      ) : (
        <LinkForm {...props} info={info} placeName={place?.name ?? props.backend.host} />
      )}
      <footer className="bottom">
        <LanguageLinks />
      </footer>
    </main>
  );
}

function Leave({ onDone }: { readonly onDone: () => void }) {
  const words = useWords();
  return (
    <p className="or">
      <button type="button" className="link" onClick={onDone}>
        {words.toSignInPage}
      </button>
    </p>
  );
}

function useLink(backend: Backend, link: FollowedLink) {
  const [info, setInfo] = useState<LinkInfo | null>(null);
  const [ended, setEnded] = useState<string | null>(null);
  const [place, setPlace] = useState<ServerInfo | null>(null);
  useEffect(() => {
    let dropped = false;
    const unless =
      <Value,>(set: (value: Value) => void) =>
      (value: Value) => {
        if (!dropped) set(value);
      };
    backend.links.look(link.secret).then(
      unless(setInfo),
      unless((error) => setEnded(codeOf(error))),
    );
    // Without it the address stands for the name.
    backend.place().then(unless(setPlace), () => undefined);
    return () => {
      dropped = true;
    };
  }, [backend, link]);
  return { info, ended, place };
}

interface LinkFormProps extends LinkPageProps {
  readonly info: LinkInfo;
  readonly placeName: string;
}

function LinkForm(props: LinkFormProps) {
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

function AccountForm({ backend, link, info, account, placeName, onSignedIn, onDone }: LinkFormProps) {
  const words = useWords();
  const [name, setName] = useState('');
  const [displayName, setDisplayName] = useState('');
  const [password, setPassword] = useState('');
  const { problem, attempt } = useAttempt();
  const setUp = info.kind === 'setup';
  const sentence = setUp ? words.linkSetUp : info.by === null ? words.linkJoinNobody : words.linkJoin;
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
    <ActForm
      shape="card"
      title={<Fill sentence={sentence} place={<bdi>{placeName}</bdi>} name={<bdi>{info.by?.displayName}</bdi>} />}
      text={setUp ? words.linkSetUpWords : ''}
      button={words.register}
      ready={name.trim() !== '' && password !== ''}
      act={submit}
      foot={
        setUp &&
        account !== null && (
          <p className="or">
            <button type="button" className="link" onClick={() => void attempt(() => claim(account))}>
              {words.becomeAdministrator(account.me.displayName)}
            </button>
            <Problem code={problem} />
          </p>
        )
      }
    >
      <UserNameField value={name} onChange={setName} />
      <TextField label={words.displayName} value={displayName} onChange={setDisplayName} autoComplete="name" />
      <PasswordField of="first" value={password} onChange={setPassword} />
    </ActForm>
  );
}

function GuestForm({ backend, link, info, placeName, onSignedIn }: LinkFormProps) {
  const words = useWords();
  const [displayName, setDisplayName] = useState('');
  const by = info.by?.displayName ?? placeName;
  return (
    <ActForm
      shape="card"
      title={<Fill sentence={words.linkGuest} place={<bdi>{placeName}</bdi>} name={<bdi>{by}</bdi>} />}
      text={words.linkGuestWords}
      button={words.comeIn}
      ready={displayName.trim() !== ''}
      act={async () =>
        onSignedIn(await backend.links.joinAsGuest({ secret: link.secret, displayName: displayName.trim() }))
      }
    >
      <TextField label={words.displayName} value={displayName} onChange={setDisplayName} autoComplete="name" />
    </ActForm>
  );
}

function ResetForm({ backend, link, onDone }: LinkFormProps) {
  const words = useWords();
  const [password, setPassword] = useState('');
  const [set, setSet] = useState(false);
  if (set) {
    return (
      <div className="card">
        <p className="sub" role="status">
          {words.passwordSet}
        </p>
        <Leave onDone={onDone} />
      </div>
    );
  }
  return (
    <ActForm
      shape="card"
      title={words.linkReset}
      button={words.setPassword}
      ready={password !== ''}
      act={async () => {
        await backend.links.finishReset(link.secret, password);
        setSet(true);
      }}
    >
      <PasswordField of="next" value={password} onChange={setPassword} />
    </ActForm>
  );
}
