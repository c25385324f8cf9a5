import type { FollowedThreadView, ThreadMessage } from '@everywire/chat-client';
import { useChat } from '@everywire/chat-react';
import { useRef } from 'react';
import { goToThread } from '../app/route.js';
import { moveFocus } from '../conversations/move-focus.js';
import { Avatar } from '../design/avatar.js';
import { Dialog } from '../design/dialog.js';
import { Problem } from '../design/problem.js';
import { useWords } from '../i18n/words.js';
import { When } from '../message-dialogs/when.js';
import { messageLine } from '../pane/message-line.js';
import { SenderAndText } from '../pane/sender-and-text.js';
import '../people/people.css';
import './followed-threads.css';
import { useFollowedThreads } from './use-followed-threads.js';

/** Renders the threads that the user follows in all conversations, the newest reply first. Each opens next to its conversation. */
export function FollowedThreadsDialog({ onClose }: { readonly onClose: () => void }) {
  const words = useWords().messages;
  const { conversations } = useChat();
  const unread = conversations.reduce((sum, entry) => sum + entry.threadsUnread, 0);
  const { threads, next, problem, loading, loadMore, retry } = useFollowedThreads(unread);
  const chosen = useRef<FollowedThreadView | null>(null);
  const open = (thread: FollowedThreadView) => {
    chosen.current = thread;
    onClose();
  };
  const lead = () => {
    const thread = chosen.current;
    if (thread !== null) goToThread(thread.conversation, thread.root);
    return thread !== null;
  };
  return (
    <Dialog title={words.followedThreads} className="dialog-page dialog-people" onClose={onClose} onFocusBack={lead}>
      <Problem code={problem} onRetry={retry} />
      {/* biome-ignore lint/a11y/noStaticElementInteractions: keys only move the focus between the buttons inside */}
      <div className="scroll followed" aria-busy={loading} onKeyDown={(event) => moveFocus(event, 'button.thread-row')}>
        <ul aria-label={words.followedThreads}>
          {threads.map((thread) => (
            <li key={`${thread.conversation}/${thread.root}`}>
              <ThreadRow
                thread={thread}
                title={conversations.find(({ id }) => id === thread.conversation)?.title ?? ''}
                onOpen={() => open(thread)}
              />
            </li>
          ))}
        </ul>
        {!loading && problem === null && threads.length === 0 && (
          <p className="hint" role="status">
            {words.noFollowedThreads}
          </p>
        )}
        {next !== null && (
          <button type="button" className="text-button followed-more" disabled={loading} onClick={loadMore}>
            {words.moreThreads}
          </button>
        )}
      </div>
    </Dialog>
  );
}

interface ThreadRowProps {
  readonly thread: FollowedThreadView;
  readonly title: string;
  readonly onOpen: () => void;
}

function ThreadRow({ thread, title, onOpen }: ThreadRowProps) {
  const words = useWords();
  const { message, last, unread, mentions } = thread;
  const sender = message?.sender ?? last.sender;
  return (
    <button type="button" className="thread-row" data-unread={unread > 0} onClick={onOpen}>
      <Avatar id={sender.id} name={sender.displayName} kind="person" picture={sender.avatar} />
      <span>
        <small>
          <bdi>{title}</bdi> <When at={last.sentAt} />
        </small>
        <span dir="auto">{message === null ? words.messages.rootUnseen : <Line message={message} />}</span>
        <small dir="auto">
          <Line message={last} />
        </small>
      </span>
      {unread > 0 && (
        <span className={mentions > 0 ? 'count call' : 'count'}>
          <span aria-hidden="true">{unread > 999 ? '999+' : unread}</span>
          <span className="hide">{words.unreadCount(unread)}</span>
        </span>
      )}
    </button>
  );
}

function Line({ message }: { readonly message: ThreadMessage }) {
  const words = useWords();
  const { sender, text, files } = message;
  return (
    <SenderAndText sender={sender}>
      {text === null ? words.messages.recalledLine : messageLine({ text, files }, words)}
    </SenderAndText>
  );
}
