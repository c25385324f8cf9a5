import type { Outline } from '@everywire/chat-client';
import type { ReactNode } from 'react';
import { useWords } from '../i18n/words.js';
import { Avatar } from '../look/avatar.js';

/** A group or channel as somebody sees it who is not in it, and what to do about it. */
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
