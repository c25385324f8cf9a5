import type { OwnAccount } from '@everywire/chat-client';
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

interface ProfileSettingsProps {
  readonly own: OwnAccount;
  readonly onChanged: () => void;
}

/** Renders the profile with one save button; for members also mail address and password, for guests the upgrade to an account. */
export function ProfileSettings({ own, onChanged }: ProfileSettingsProps) {
  return (
    <>
      <Profile own={own} onChanged={onChanged} />
      {own.role === 'guest' && <Upgrade onChanged={onChanged} />}
      {own.hasPassword && <Email own={own} onChanged={onChanged} />}
      {own.hasPassword && own.emailConfirmed === false && <ConfirmEmail key={own.email} onChanged={onChanged} />}
      {own.hasPassword && <Password />}
    </>
  );
}

function Profile({ own: { me }, onChanged }: ProfileSettingsProps) {
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

function Email({ own, onChanged }: ProfileSettingsProps) {
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
      text={words.emailHint}
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
