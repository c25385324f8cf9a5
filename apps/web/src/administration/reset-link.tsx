import type { AdministeredPerson } from '@everywire/chat-client';
import { useState } from 'react';
import { useAttempt } from '../app/use-attempt.js';
import { Problem } from '../design/problem.js';
import { useDateTime } from '../i18n/use-date-time.js';
import { CreatedLink } from '../settings/created-link.js';
import { usePeopleWords } from './people-words.js';
import { usePeopleAdministration } from './use-people-administration.js';

/**
 * Renders the button that creates a link for a new password, and the link until the row is closed. Only members get one: the server refuses
 * guests, administrators and suspended accounts.
 */
export function ResetLink({ person: { id, displayName, role, state } }: { readonly person: AdministeredPerson }) {
  const words = usePeopleWords();
  const people = usePeopleAdministration();
  const dateTime = useDateTime();
  const { busy, problem, attempt } = useAttempt();
  const [created, setCreated] = useState<Awaited<ReturnType<typeof people.createResetLink>> | null>(null);
  if (role !== 'member' || state !== 'active') return null;
  const create = async () => setCreated(await people.createResetLink(id));
  return (
    <div>
      <button type="button" className="button" disabled={busy} onClick={() => void attempt(create)}>
        {words.createResetLink}
      </button>
      <Problem code={problem} />
      {created !== null && (
        <>
          <p role="status">
            {words.resetLinkNow(displayName)} {words.resetLinkEnds(dateTime(created.expiresAt))}
          </p>
          <CreatedLink link={`${location.origin}/#/reset/${created.secret}`} />
        </>
      )}
    </div>
  );
}
