import type { Person } from '@everywire/chat-client';
import { useClient } from '@everywire/chat-react';
import { Ban } from 'lucide-react';
import { useCallback, useEffect, useState } from 'react';
import { Later } from '../app/later.js';
import { useAsked } from '../app/use-asked.js';
import { useAttempt } from '../app/use-attempt.js';
import { useWords } from '../i18n/words.js';
import { Icon } from '../look/icon.js';
import { Problem } from '../look/problem.js';
import { confirmDialog } from './dialogs.js';

interface BlockButtonProps {
  readonly peer: Person;
  /** One of the two blocks the other; which one, the server says to the one who does. */
  readonly blocked: boolean;
}

/** Blocks somebody after a question, and takes it back at once. */
export function BlockButton({ peer, blocked }: BlockButtonProps) {
  const words = useWords();
  const { privacy } = useClient();
  const own = useAsked(useCallback(() => privacy.get(), [privacy]));
  const { busy, problem, attempt } = useAttempt();
  const [asking, setAsking] = useState(false);
  const { askAgain } = own;
  // biome-ignore lint/correctness/useExhaustiveDependencies: asked again as it changes, here or on another device
  useEffect(askAgain, [blocked, askAgain]);
  const mine = blocked && own.value?.blocked.some((person) => person.id === peer.id) === true;
  return (
    <>
      <button
        type="button"
        disabled={busy}
        aria-haspopup={mine ? undefined : 'dialog'}
        onClick={() => (mine ? void attempt(() => privacy.unblock(peer.id)) : setAsking(true))}
      >
        <Icon of={Ban} />
        {mine ? words.unblock : words.block}
      </button>
      {problem !== null && <Problem code={problem} />}
      {asking && (
        <Later
          of={confirmDialog}
          props={{
            title: words.blockTitle(peer.displayName),
            text: words.blockedPeopleWords,
            act: words.block,
            onAct: () => privacy.block(peer.id),
            onClose: () => setAsking(false),
          }}
        />
      )}
    </>
  );
}
