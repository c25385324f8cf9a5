import { useChat, useClient } from '@everywire/chat-react';
import { Compass, type LucideIcon, Megaphone, NotebookPen, Users } from 'lucide-react';
import { useAttempt } from '../app/use-attempt.js';
import { Icon } from '../design/icon.js';
import { Problem } from '../design/problem.js';
import { useWords } from '../i18n/words.js';

/** What can be started other than a conversation with a person. */
export type Start = 'group' | 'channel' | 'find';

interface StartRowProps {
  readonly onStart: (start: Start) => void;
  readonly onOpen: (conversation: number) => void;
}

/** Renders the buttons for a new group and a new channel, unless the user is a guest, for the group search and for the user's notes. */
export function StartRow({ onStart, onOpen }: StartRowProps) {
  const words = useWords();
  const { groups } = useClient();
  const isGuest = useChat().me.guest === true;
  const { busy, problem, attempt } = useAttempt();
  const openNotes = () => void attempt(async () => onOpen(await groups.notes()));
  return (
    <>
      <div className="starts">
        {!isGuest && <StartButton of={Users} words={words.newGroup} onClick={() => onStart('group')} />}
        {!isGuest && <StartButton of={Megaphone} words={words.newChannel} onClick={() => onStart('channel')} />}
        <StartButton of={Compass} words={words.findGroups} onClick={() => onStart('find')} />
        <StartButton of={NotebookPen} words={words.notes} disabled={busy} onClick={openNotes} />
      </div>
      {problem !== null && (
        <p className="hint">
          <Problem code={problem} />
        </p>
      )}
    </>
  );
}

interface StartButtonProps {
  readonly of: LucideIcon;
  readonly words: string;
  readonly disabled?: boolean;
  readonly onClick: () => void;
}

function StartButton({ of, words, disabled = false, onClick }: StartButtonProps) {
  return (
    <button type="button" disabled={disabled} onClick={onClick}>
      <Icon of={of} />
      {words}
    </button>
  );
}
