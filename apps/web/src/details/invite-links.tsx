import type { ConversationEntry, InviteEntry } from '@everywire/chat-client';
import { useClient } from '@everywire/chat-react';
import { useCallback, useState } from 'react';
import { CopyButton } from '../app/copy-button.js';
import { useAsked } from '../app/use-asked.js';
import { useAttempt } from '../app/use-attempt.js';
import { useDateTime } from '../i18n/use-date-time.js';
import { useWords } from '../i18n/words.js';
import { Problem } from '../look/problem.js';
import { ActForm } from '../settings/act-form.js';
import { Segments } from '../settings/option.js';

const dayMs = 86_400_000;
const expiries = ['1', '7', '30', 'none'] as const;
const uses = ['1', '10', '100', 'none'] as const;

/** Links to join by: make one with an end and a number of people, see how far each was used, take it back. */
export function InviteLinks({ entry }: { readonly entry: ConversationEntry }) {
  const words = useWords();
  const { groups } = useClient();
  const list = useAsked(useCallback(() => groups.invites(entry.id), [groups, entry.id]));
  const { busy, problem, attempt } = useAttempt();
  return (
    <>
      <NewLink conversation={entry.id} onMade={list.askAgain} />
      <section className="opt opt-form" aria-label={words.inviteLinks}>
        <b>{words.invitations}</b>
        <div className="fields">
          {list.value?.length === 0 && <p>{words.noInvitations}</p>}
          <ul className="listed">
            {list.value?.map((invite) => (
              <li key={invite.id}>
                <InviteWords invite={invite} />
                <button
                  type="button"
                  className="button"
                  disabled={busy}
                  onClick={() => void attempt(() => groups.revokeInvite(entry.id, invite.id).then(list.askAgain))}
                >
                  {words.endInvitation}
                </button>
              </li>
            ))}
          </ul>
          <Problem code={problem ?? list.problem} />
        </div>
      </section>
    </>
  );
}

function InviteWords({ invite }: { readonly invite: InviteEntry }) {
  const words = useWords();
  const dateTime = useDateTime();
  return (
    <span>
      <b>{words.inviteUsed(invite.uses, invite.usesMax)}</b>
      <small>{invite.expiresAt === null ? words.inviteForever : words.inviteUntil(dateTime(invite.expiresAt))}</small>
    </span>
  );
}

interface NewLinkProps {
  readonly conversation: number;
  readonly onMade: () => void;
}

function NewLink({ conversation, onMade }: NewLinkProps) {
  const words = useWords();
  const { groups } = useClient();
  const [expiry, setExpiry] = useState<(typeof expiries)[number]>('7');
  const [most, setMost] = useState<(typeof uses)[number]>('none');
  const [link, setLink] = useState<string | null>(null);
  const make = async () => {
    const made = await groups.createInvite(conversation, {
      expiresAt: expiry === 'none' ? null : Date.now() + Number(expiry) * dayMs,
      usesMax: most === 'none' ? null : Number(most),
    });
    setLink(made.link);
    onMade();
  };
  return (
    <ActForm title={words.inviteLinks} text={words.inviteLinkWords} button={words.makeLink} done="" act={make}>
      <Segments
        title={words.inviteExpiry}
        value={expiry}
        choices={expiries.map((each) => [each, each === 'none' ? words.unlimited : words.days(Number(each))])}
        onChange={setExpiry}
      />
      <Segments
        title={words.inviteUses}
        value={most}
        choices={uses.map((each) => [each, each === 'none' ? words.unlimited : words.usesCount(Number(each))])}
        onChange={setMost}
      />
      {link !== null && (
        <p className="row">
          <code className="made-link">{link}</code>
          <CopyButton className="button" text={() => link}>
            {words.copyLink}
          </CopyButton>
        </p>
      )}
    </ActForm>
  );
}
