import { type InviteLink, type Outline, parseInviteLink } from '@everywire/chat-client';
import { useChat, useClient } from '@everywire/chat-react';
import { useState } from 'react';
import { useAttempt } from '../app/use-attempt.js';
import { Dialog } from '../design/dialog.js';
import { Problem } from '../design/problem.js';
import { Fill } from '../i18n/fill.js';
import { useWords } from '../i18n/words.js';
import { OutlineRow } from './outline-row.js';
import { useDirectory } from './use-directory.js';
import './people.css';
import { FindField } from './find-field.js';

interface FindGroupsDialogProps {
  readonly onClose: () => void;
  readonly onOpen: (conversation: number) => void;
  /** An invite link was pasted. */
  readonly onLink: (link: InviteLink) => void;
}

/** Renders the search for groups and channels that anyone may join. A pasted invite link opens its target. */
export function FindGroupsDialog({ onClose, onOpen, onLink }: FindGroupsDialogProps) {
  const words = useWords();
  const [query, setQuery] = useState('');
  const directory = useDirectory(query.trim());
  const onChange = (text: string) => {
    const link = parseInviteLink(text.trim());
    if (link === null) setQuery(text);
    else onLink(link);
  };
  return (
    <Dialog title={words.findGroups} className="dialog-page dialog-people" onClose={onClose}>
      <div className="picker">
        <p className="hint">{words.findGroupsHint}</p>
        <FindField label={words.groupOrLink} value={query} onChange={onChange} />
        <div className="scroll">
          <ul aria-label={words.openGroups}>
            {directory.groups.map((outline) => (
              <li key={outline.conversation}>
                <JoinableRow outline={outline} onOpen={onOpen} />
              </li>
            ))}
          </ul>
          {directory.more && (
            <button type="button" className="text-button more-rows" onClick={directory.loadMore}>
              {words.moreGroups}
            </button>
          )}
          {directory.groups.length === 0 && !directory.loading && (
            <p className="quiet-list" role="status">
              {query === '' ? words.noOpenGroups : <Fill sentence={words.nothingFor} query={<bdi>{query}</bdi>} />}
            </p>
          )}
          <p className="hint">
            <Problem code={directory.problem} onRetry={directory.retry} />
          </p>
        </div>
      </div>
    </Dialog>
  );
}

interface JoinableRowProps {
  readonly outline: Outline;
  readonly onOpen: (conversation: number) => void;
}

function JoinableRow({ outline, onOpen }: JoinableRowProps) {
  const words = useWords();
  const { groups } = useClient();
  const { conversations } = useChat();
  const { busy, problem, attempt } = useAttempt();
  const { conversation, name } = outline;
  const inside = conversations.some((entry) => entry.id === conversation && entry.member);
  const join = async () => onOpen(inside ? conversation : await groups.join({ conversation, secret: null }));
  return (
    <>
      <OutlineRow outline={outline}>
        <button
          type="button"
          className="button"
          aria-label={words.joinNamed(name, inside)}
          disabled={busy}
          onClick={() => void attempt(join)}
        >
          {inside ? words.joinOpen : words.joinAct}
        </button>
      </OutlineRow>
      {problem !== null && (
        <p className="hint">
          <Problem code={problem} />
        </p>
      )}
    </>
  );
}
