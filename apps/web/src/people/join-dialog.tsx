import type { InviteLink } from '@everywire/chat-client';
import { useClient } from '@everywire/chat-react';
import { useCallback } from 'react';
import { useAttempt } from '../app/use-attempt.js';
import { useServerValue } from '../app/use-server-value.js';
import { Dialog } from '../design/dialog.js';
import { Problem } from '../design/problem.js';
import { useWords } from '../i18n/words.js';
import { OutlineRow } from './outline-row.js';
import './people.css';

interface JoinDialogProps {
  readonly link: InviteLink;
  readonly onClose: () => void;
  readonly onOpen: (conversation: number) => void;
}

/** Renders the group that an invite link leads to, with a button to join. */
export function JoinDialog({ link, onClose, onOpen }: JoinDialogProps) {
  const words = useWords();
  const { groups } = useClient();
  const found = useServerValue(useCallback(() => groups.invitation(link), [groups, link]));
  const { busy, problem, attempt } = useAttempt();
  const join = async () => onOpen(await groups.join(link));
  const isChannel = found.value?.kind === 'channel';
  return (
    <Dialog title={isChannel ? words.joinChannel : words.joinGroup} className="dialog-small" onClose={onClose}>
      {found.value !== null && (
        <OutlineRow outline={found.value}>
          <span />
        </OutlineRow>
      )}
      <div className="dialog-acts">
        <Problem code={problem ?? found.problem} onRetry={problem === null ? found.refetch : undefined} />
        <button type="button" className="button" onClick={onClose}>
          {words.cancel}
        </button>
        <button
          type="button"
          className="button main"
          disabled={busy || found.value === null}
          onClick={() => void attempt(join)}
        >
          {words.joinAct}
        </button>
      </div>
    </Dialog>
  );
}
