import type { Outline } from '@everywire/chat-client';
import type { ReactNode } from 'react';
import { Avatar } from '../design/avatar.js';
import { useWords } from '../i18n/words.js';

/** Renders a group or channel as shown to non-members, with an action. */
export function OutlineRow({ outline, children }: { readonly outline: Outline; readonly children: ReactNode }) {
  const words = useWords();
  const { conversation, kind, name, picture, memberCount } = outline;
  return (
    <div className="outline">
      <Avatar id={conversation} name={name} kind="group" picture={picture} />
      <div>
        <b dir="auto">{name}</b>
        <small>{kind === 'channel' ? words.readerCount(memberCount) : words.memberCount(memberCount)}</small>
      </div>
      {children}
    </div>
  );
}
