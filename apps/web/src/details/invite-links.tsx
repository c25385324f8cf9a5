import type { ConversationEntry, InviteEntry } from '@everywire/chat-client';
import { useClient } from '@everywire/chat-react';
import { useCallback, useState } from 'react';
import { useServerValue } from '../app/use-server-value.js';
import { ActionForm } from '../design/action-form.js';
import { useDateTime } from '../i18n/use-date-time.js';
import { useWords } from '../i18n/words.js';
import { CreatedLink } from '../settings/created-link.js';
import { InvitationList } from '../settings/invitation-list.js';
import { Segments } from '../settings/option.js';

const DAY_MS = 86_400_000;
const expiries = ['1', '7', '30', 'none'] as const;
const uses = ['1', '10', '100', 'none'] as const;

/** Renders the invite links of a group: create one with an expiry and a use limit, see its uses, revoke it. */
export function InviteLinks({ entry }: { readonly entry: ConversationEntry }) {
  const words = useWords();
  const { groups } = useClient();
  const list = useServerValue(useCallback(() => groups.invites(entry.id), [groups, entry.id]));
  return (
    <>
      <NewLink conversation={entry.id} onMade={list.refetch} />
      <InvitationList label={words.inviteLinks} list={list} onEnd={(id) => groups.revokeInvite(entry.id, id)}>
        {(invite) => <InviteWords invite={invite} />}
      </InvitationList>
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
      expiresAt: expiry === 'none' ? null : Date.now() + Number(expiry) * DAY_MS,
      usesMax: most === 'none' ? null : Number(most),
    });
    setLink(made.link);
    onMade();
  };
  return (
    <ActionForm
      title={words.inviteLinks}
      text={words.inviteLinkWords}
      button={words.makeLink}
      done={words.linkMade}
      act={make}
    >
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
      {link !== null && <CreatedLink link={link} />}
    </ActionForm>
  );
}
