import type { AccountClient, Invitation, RegistrationMode } from '@everywire/chat-client';
import { useCallback, useState } from 'react';
import { useAccount } from '../app/account-context.js';
import { useAttempt } from '../app/use-attempt.js';
import { useServerValue } from '../app/use-server-value.js';
import { ActionForm } from '../design/action-form.js';
import { Problem } from '../design/problem.js';
import { useDateTime } from '../i18n/use-date-time.js';
import { useWords } from '../i18n/words.js';
import { CreatedLink } from './created-link.js';
import { InvitationList } from './invitation-list.js';
import { Choice } from './option.js';

const USES_MAX = 10;
const DAYS = 7;

/** Renders invitations to the server, and for administrators who may register. */
export function InvitationSettings() {
  const words = useWords();
  const account = useAccount();
  const own = useServerValue(useCallback(() => account.read(), [account]));
  const [pages, setPages] = useState(1);
  const read = useServerValue(useCallback(() => readInvitations(account, pages), [account, pages]));
  const list = { ...read, value: read.value?.invitations ?? null };
  const showMore = () => setPages((shown) => shown + 1);
  const dateTime = useDateTime();
  return (
    <>
      <h3>{words.invitations}</h3>
      {own.value?.role === 'administrator' && <Registration />}
      <NewLink kind="account" title={words.inviteAccount} onMade={list.refetch} />
      <NewLink kind="guest" title={words.inviteGuest} onMade={list.refetch} />
      <InvitationList
        label={words.invitations}
        list={list}
        onEnd={(id) => account.endInvitation(id)}
        onMore={read.value?.more === true ? showMore : undefined}
      >
        {(invitation) => (
          <span>
            <b dir="auto">
              {invitation.label || (invitation.kind === 'guest' ? words.inviteGuest : words.inviteAccount)}
            </b>
            <small>{words.invitationMade(dateTime(invitation.createdAt))}</small>
            <small>{words.invitationUsed(invitation.uses, invitation.usesMax, dateTime(invitation.expiresAt))}</small>
          </span>
        )}
      </InvitationList>
    </>
  );
}

/** Loads the first `pages` pages together, because after a revocation the rows below move up from the next page. */
async function readInvitations(
  account: Pick<AccountClient, 'invitations'>,
  pages: number,
): Promise<{ readonly invitations: readonly Invitation[]; readonly more: boolean }> {
  const invitations: Invitation[] = [];
  let after: string | null = null;
  for (let read = 0; read < pages && (read === 0 || after !== null); read += 1) {
    const page: Awaited<ReturnType<AccountClient['invitations']>> = await account.invitations(after);
    invitations.push(...page.invitations);
    after = page.next;
  }
  return { invitations, more: after !== null };
}

interface NewLinkProps {
  readonly kind: 'account' | 'guest';
  readonly title: string;
  readonly onMade: () => void;
}

function NewLink({ kind, title, onMade }: NewLinkProps) {
  const words = useWords();
  const account = useAccount();
  const [link, setLink] = useState<string | null>(null);
  const make = async () => {
    const { secret } = await account.invite({ kind, usesMax: USES_MAX, days: DAYS });
    setLink(`${location.origin}/#/join/${secret}`);
    onMade();
  };
  return (
    <ActionForm title={title} text={words.inviteWords} button={words.makeLink} done={words.linkMade} act={make}>
      {link !== null && <CreatedLink link={link} />}
    </ActionForm>
  );
}

function Registration() {
  const words = useWords();
  const account = useAccount();
  const choice = useServerValue(useCallback(() => account.registration(), [account]));
  const { problem, attempt } = useAttempt();
  const [isSaved, setIsSaved] = useState(false);
  const choose = (mode: RegistrationMode) => {
    setIsSaved(false);
    void attempt(async () => {
      await account.chooseRegistration(mode);
      choice.refetch();
      setIsSaved(true);
    });
  };
  if (choice.value === null) return <Problem code={choice.problem} onRetry={choice.refetch} />;
  const modes: readonly (readonly [RegistrationMode, string])[] = [
    ['open', words.registrationOpen],
    ['invitation', words.registrationInvitation],
    ['closed', words.registrationClosed],
  ];
  return (
    <>
      <Choice
        title={words.registration}
        text={words.registrationWords}
        value={choice.value.registration}
        choices={modes}
        onChange={choose}
      />
      <p className="hint" role="status">
        {isSaved && words.saved}
      </p>
      <Problem code={problem} />
    </>
  );
}
