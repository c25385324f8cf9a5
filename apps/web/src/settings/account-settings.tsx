import type { AccountClient } from '@everywire/chat-client';
import { useChat, useClient } from '@everywire/chat-react';
import { useCallback } from 'react';
import { useAccount } from '../app/account-context.js';
import type { Backend } from '../app/backend.js';
import { useServerValue } from '../app/use-server-value.js';
import { Avatar } from '../design/avatar.js';
import { Problem } from '../design/problem.js';
import { useWords } from '../i18n/words.js';
import { ProfileSettings } from './profile-settings.js';
import { SignOutButton } from './sign-out-button.js';

/** Renders the settings of the user's account. */
export function AccountSettings({ backend }: { readonly backend: Backend }) {
  const words = useWords();
  const client = useClient();
  const account = useAccount();
  const own = useServerValue(useCallback(() => readOwn(account, backend), [account, backend]));
  const signedInAs = useChat().me;
  const me = own.value?.own.me ?? signedInAs;
  const onChanged = () => {
    own.refetch();
    // Without a connection the previous data stays; it is loaded again when the page reloads.
    client.fetchMe().catch(() => undefined);
  };
  return (
    <>
      <h3>{words.account}</h3>
      <div className="me">
        <Avatar id={me.id} name={me.displayName} kind="person" picture={me.avatar} />
        <div>
          <b dir="auto">{me.displayName}</b>
          <small>
            <bdi>{me.name}</bdi>
          </small>
          {me.status !== undefined && <p dir="auto">{me.status}</p>}
        </div>
      </div>
      <Problem code={own.problem} onRetry={own.refetch} />
      {own.value !== null && <ProfileSettings key={own.value.own.role} {...own.value} onChanged={onChanged} />}
      <div className="opt">
        <b>{words.signOut}</b>
        <p>{words.signOutWords}</p>
        <SignOutButton />
      </div>
    </>
  );
}

async function readOwn(account: AccountClient, backend: Backend) {
  const [own, { passwordReset }] = await Promise.all([account.read(), backend.place()]);
  return { own, passwordReset };
}
