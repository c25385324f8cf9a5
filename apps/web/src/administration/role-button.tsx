import type { AdministeredPerson } from '@everywire/chat-client';
import { useState } from 'react';
import { useAccount } from '../app/account-context.js';
import { ConfirmDialog } from '../details/confirm-dialog.js';
import { usePeopleWords } from './people-words.js';

interface RoleButtonProps {
  readonly person: AdministeredPerson;
  readonly onChange: (person: AdministeredPerson, done: string) => void;
}

/** Renders the button that makes a member an administrator, or the reverse, after a confirmation. A guest first needs an account. */
export function RoleButton({ person, onChange }: RoleButtonProps) {
  const words = usePeopleWords();
  const { setRole } = useAccount();
  const [asking, setAsking] = useState(false);
  const { id, displayName, role } = person;
  if (role === 'guest') return null;
  const rises = role === 'member';
  const act = rises ? words.makeAdministrator : words.removeAdministrator;
  const change = async () => {
    const next = rises ? 'administrator' : 'member';
    await setRole(id, next);
    onChange(
      { ...person, role: next },
      rises ? words.madeAdministratorNow(displayName) : words.madeMemberNow(displayName),
    );
  };
  return (
    <>
      <button type="button" className="button" onClick={() => setAsking(true)}>
        {act}
      </button>
      {asking && (
        <ConfirmDialog
          title={rises ? words.makeAdministratorTitle(displayName) : words.removeAdministratorTitle(displayName)}
          text={rises ? words.makeAdministratorText : words.removeAdministratorText}
          act={act}
          onAct={change}
          onClose={() => setAsking(false)}
        />
      )}
    </>
  );
}
