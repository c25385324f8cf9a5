import type { Person } from '@everywire/chat-client';
import type { ReactNode } from 'react';
import { Fill } from '../i18n/fill.js';
import { useWords } from '../i18n/words.js';

interface SenderAndTextProps {
  readonly sender: Person;
  /** The message's text. */
  readonly children: ReactNode;
}

/** Renders sender and text as one line. Inside `dir="auto"`, the text sets the direction, not the name. */
export function SenderAndText({ sender, children }: SenderAndTextProps) {
  const words = useWords();
  return (
    <>
      <Fill sentence={words.senderAndText} sender={<bdi>{sender.displayName}</bdi>} />
      {children}
    </>
  );
}
