import type { GroupLinkInfo, InviteLink, ServerInfo } from '@everywire/chat-client';
import { useEffect, useState } from 'react';
import { type Backend, codeOf } from '../app/backend.js';
import { type Language, usePreferences } from '../design/preferences.js';
import { Fill } from '../i18n/fill.js';
import { OutlineRow } from '../people/outline-row.js';
import '../people/people.css';

interface GroupInviteProps {
  readonly backend: Backend;
  readonly link: InviteLink;
  /** `null` until the server has answered. */
  readonly place: ServerInfo | null;
}

/** Texts of an opened group link. Loaded with it only. */
const en = {
  invited: '{name} invited you to join',
  opened: 'You opened an invite link.',
  ended: 'This invite link no longer works. Ask for a new one.',
  open: 'Register or sign in to join.',
  invitation:
    'Sign in to join. Without an account you also need an invite link for members: ask the person who invited you.',
  closed: 'Sign in to join.',
};

const zh: typeof en = {
  invited: '{name}邀请你加入',
  opened: '你打开了邀请链接。',
  ended: '邀请链接已失效，让发链接的人重新给你一个。',
  open: '注册或登录后即可加入。',
  invitation: '登录后即可加入。还没有账号时，另外需要注册邀请链接，请向邀请你的人索取。',
  closed: '登录后即可加入。',
};

const catalogues: Record<Language, typeof en> = { zh, en };

/** Renders what an opened group link leads to and who invites, and the ways in that this server has. */
export function GroupInvite({ backend, link, place }: GroupInviteProps) {
  const [{ language }] = usePreferences();
  const words = catalogues[language];
  const { group, problem } = useGroupLink(backend, link);
  if (problem === 'invite_ended' || problem === 'not_found') return <p className="sub">{words.ended}</p>;
  return (
    <>
      <p className="sub">
        {group === null ? words.opened : <Fill sentence={words.invited} name={<bdi>{group.by}</bdi>} />}
      </p>
      {group !== null && (
        <OutlineRow outline={{ ...group, conversation: link.conversation, picture: null }}>
          <span />
        </OutlineRow>
      )}
      <p className="sub">{words[place?.registration ?? 'closed']}</p>
    </>
  );
}

/** Loads what the link leads to. A link without a secret is described only to people who are signed in. */
function useGroupLink({ links }: Backend, { conversation, secret }: InviteLink) {
  const [group, setGroup] = useState<GroupLinkInfo | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  useEffect(() => {
    if (secret === null) return;
    links.lookAtGroup({ conversation, secret }).then(setGroup, (error: unknown) => setProblem(codeOf(error)));
  }, [links, conversation, secret]);
  return { group, problem };
}
