import { useChat } from '@everywire/chat-react';
import type { ReactNode } from 'react';
import { useWords } from '../i18n/words.js';
import '../pane/pane.css';

/** Renders the pane when no conversation is open: the first-run page if there are no conversations yet, otherwise a hint. */
export function EmptyPane({ firstRun }: { readonly firstRun: ReactNode }) {
  const words = useWords();
  const { conversations, loading } = useChat();
  if (loading) return <main className="pane" />;
  return (
    <main className="pane">
      {conversations.length > 0 ? <p className="empty-log">{words.pickSomeone}</p> : firstRun}
    </main>
  );
}
