import type { Person } from '@everywire/chat-client';
import type { ReactNode } from 'react';
import { Fill } from '../i18n/fill.js';
import { useWords } from '../i18n/words.js';

interface SaidLineProps {
  readonly sender: Person;
  /** What was said. */
  readonly children: ReactNode;
}

/** Who said what, in one line. Its direction is the text's, whatever the name is written in, where it stands in `dir="auto"`. */
export function SaidLine({ sender, children }: SaidLineProps) {
  const words = useWords();
  return (
    <>
      <Fill sentence={words.senderAndText} sender={<bdi>{sender.displayName}</bdi>} />
      {children}
    </>
  );
}
