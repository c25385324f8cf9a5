import type { OwnAccount, ServerInfo } from '@everywire/chat-client';
import { useState } from 'react';
import { useAccount } from '../app/account-context.js';
import { storeDeviceSecret } from '../app/device-secrets.js';
import { ActionForm } from '../design/action-form.js';
import { PasswordField } from '../design/password-field.js';
import { PictureForm } from '../design/picture-form.js';
import { TextField } from '../design/text-field.js';
import { UserNameField } from '../design/user-name-field.js';
import { useWords } from '../i18n/words.js';
import { ConfirmEmail } from './confirm-email.js';
import { useConfirmEmailWords } from './confirm-email-words.js';

interface OwnProps {
  readonly own: OwnAccount;
  readonly onChanged: () => void;
}

interface ProfileSettingsProps extends OwnProps {
  /** How a reset link is delivered. Older servers do not say; they send a mail. */
  readonly passwordReset: ServerInfo['passwordReset'];
}

/** Renders the profile with one save button; for members also mail address and password, for guests the upgrade to an account. */
export function ProfileSettings({ own, passwordReset, onChanged }: ProfileSettingsProps) {
  return (
    <>
      <Profile own={own} onChanged={onChanged} />
      {own.role === 'guest' && <Upgrade onChanged={onChanged} />}
      {own.hasPassword && <Recovery own={own} passwordReset={passwordReset} onChanged={onChanged} />}
      {own.hasPassword && own.emailConfirmed === false && <ConfirmEmail key={own.email} onChanged={onChanged} />}
      {own.hasPassword && <Password />}
    </>
  );
}

function Profile({ own: { me }, onChanged }: OwnProps) {
  const words = useWords();
  const account = useAccount();
  const [displayName, setDisplayName] = useState(me.displayName);
  const [status, setStatus] = useState(me.status ?? '');
  const change = async (act: Promise<unknown>) => {
    await act;
    onChanged();
  };
  return (
    <PictureForm
      of={{ id: me.id, name: me.displayName, kind: 'person' }}
      picture={me.avatar}
      title={words.profile}
      text={words.avatarWords}
      set={({ id }) => change(account.setAvatar(id))}
      remove={() => change(account.removeAvatar())}
      fields={{
        changed: displayName !== me.displayName || status !== (me.status ?? ''),
        save: () => change(account.changeProfile({ displayName, status })),
        shown: (
          <>
            <TextField label={words.displayName} value={displayName} onChange={setDisplayName} autoComplete="name" />
            <TextField
              label={words.status}
              hint={words.statusHint}
              value={status}
              onChange={setStatus}
              autoComplete="off"
            />
          </>
        ),
      }}
    />
  );
}

function Upgrade({ onChanged }: { readonly onChanged: () => void }) {
  const words = useWords();
  const account = useAccount();
  const [name, setName] = useState('');
  const [password, setPassword] = useState('');
  return (
    <ActionForm
      title={words.makeAccount}
      text={words.guestWords}
      button={words.makeAccount}
      ready={name !== '' && password !== ''}
      act={async () => {
        await account.upgrade({ name: name.trim(), password });
        onChanged();
      }}
    >
      <UserNameField value={name} onChange={setName} />
      <PasswordField of="first" value={password} onChange={setPassword} />
    </ActionForm>
  );
}

/** Renders how a forgotten password is replaced. Without mail a stored address is of no use, and can only be changed. */
function Recovery({ own, passwordReset = 'mail', onChanged }: ProfileSettingsProps) {
  const words = useWords();
  const { byOperator } = useConfirmEmailWords();
  const text = { mail: words.emailHint, operator: byOperator, none: words.resetNowhere }[passwordReset];
  if (passwordReset === 'mail' || own.email !== '') return <Email own={own} text={text} onChanged={onChanged} />;
  return (
    <div className="opt opt-form">
      <b>{words.emailTitle}</b>
      <div className="fields">
        <p>{text}</p>
      </div>
    </div>
  );
}

function Email({ own, text, onChanged }: OwnProps & { readonly text: string }) {
  const words = useWords();
  const account = useAccount();
  const [email, setEmail] = useState(own.email);
  const [password, setPassword] = useState('');
  const { emailConfirmed = null } = own;
  const { confirmed, notConfirmed } = useConfirmEmailWords();
  const known = emailConfirmed ? confirmed : notConfirmed;
  const state = emailConfirmed === null || email.trim() !== own.email ? undefined : known;
  return (
    <ActionForm
      title={words.emailTitle}
      text={text}
      button={words.save}
      ready={password !== ''}
      act={async () => {
        await account.setEmail(email.trim(), password);
        setPassword('');
        onChanged();
      }}
    >
      <TextField label={words.email} hint={state} value={email} onChange={setEmail} autoComplete="email" plain />
      <PasswordField of="current" value={password} onChange={setPassword} />
    </ActionForm>
  );
}

function Password() {
  const words = useWords();
  const account = useAccount();
  const [current, setCurrent] = useState('');
  const [next, setNext] = useState('');
  return (
    <ActionForm
      title={words.changePassword}
      button={words.changePassword}
      ready={current !== '' && next !== ''}
      done={words.passwordChanged}
      act={async () => {
        await account.changePassword(current, next);
        await storeDeviceSecret(account);
        setCurrent('');
        setNext('');
      }}
    >
      <PasswordField of="current" value={current} onChange={setCurrent} />
      <PasswordField of="next" value={next} onChange={setNext} />
    </ActionForm>
  );
}
