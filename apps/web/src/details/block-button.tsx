import type { Person } from '@everywire/chat-client';
import { useClient } from '@everywire/chat-react';
import { Ban } from 'lucide-react';
import { useState } from 'react';
import { LazyPart } from '../app/lazy-component.js';
import { useAttempt } from '../app/use-attempt.js';
import { Icon } from '../design/icon.js';
import { Problem } from '../design/problem.js';
import { useWords } from '../i18n/words.js';
import { confirmDialog } from './dialogs.js';

interface BlockButtonProps {
  readonly peer: Person;
  /** Whether the signed-in user has blocked the peer. */
  readonly blocked: boolean;
}

/** Renders the button that blocks a person after a confirmation, or unblocks immediately. */
export function BlockButton({ peer, blocked }: BlockButtonProps) {
  const words = useWords();
  const { privacy } = useClient();
  const { busy, problem, attempt } = useAttempt();
  const [asking, setAsking] = useState(false);
  return (
    <>
      <button
        type="button"
        disabled={busy}
        aria-haspopup={blocked ? undefined : 'dialog'}
        onClick={() => (blocked ? void attempt(() => privacy.unblock(peer.id)) : setAsking(true))}
      >
        <Icon of={Ban} />
        {blocked ? words.unblock : words.block}
      </button>
      {problem !== null && <Problem code={problem} />}
      {asking && (
        <LazyPart
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
