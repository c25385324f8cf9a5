import type { MessageRowView, Timeline } from '@everywire/chat-client';
import { useChat } from '@everywire/chat-react';
import { Check } from 'lucide-react';
import { type FormEvent, useState } from 'react';
import { useUndo } from '../app/undo.js';
import { useAttempt } from '../app/use-attempt.js';
import { useConversationMatch } from '../app/use-name-match.js';
import { moveFocus } from '../conversations/move-focus.js';
import { Avatar } from '../design/avatar.js';
import { Dialog } from '../design/dialog.js';
import { Icon } from '../design/icon.js';
import { Problem } from '../design/problem.js';
import { useWords } from '../i18n/words.js';
import '../people/people.css';
import { RowLine } from '../pane/row-line.js';
import { SenderAndText } from '../pane/sender-and-text.js';
import { FindField } from '../people/find-field.js';

interface ForwardDialogProps {
  /** The messages to forward, in order. */
  readonly rows: readonly MessageRowView[];
  readonly timeline: Timeline;
  readonly onClose: () => void;
  readonly onDone: () => void;
}

/** Renders the dialog that forwards messages to any number of conversations. The copies name the original sender. */
export function ForwardDialog({ rows, timeline, onClose, onDone }: ForwardDialogProps) {
  const words = useWords();
  const { conversations } = useChat();
  const [query, setQuery] = useState('');
  const [picked, setPicked] = useState<readonly number[]>([]);
  const { busy, problem, attempt } = useAttempt();
  const { report } = useUndo();
  const matches = useConversationMatch(query);
  const shown = conversations.filter((entry) => entry.member && !entry.blocked && matches(entry));
  const toggle = (id: number) =>
    setPicked((before) => (before.includes(id) ? before.filter((one) => one !== id) : [...before, id]));
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (picked.length === 0) return;
    void attempt(async () => {
      await timeline.forward(
        rows.map(({ key }) => key),
        picked,
      );
      const [only] = picked.length === 1 ? conversations.filter(({ id }) => id === picked[0]) : [];
      report(words.messages.forwardedTo(picked.length, only?.title ?? ''));
      onDone();
      onClose();
    });
  };
  return (
    <Dialog title={words.messages.forward} className="dialog-page dialog-people" onClose={onClose}>
      <form onSubmit={submit}>
        <ForwardedRows rows={rows} />
        <div className="picker">
          <FindField label={words.messages.findConversation} value={query} onChange={setQuery} />
          {/* biome-ignore lint/a11y/noStaticElementInteractions: keys only move the focus between the buttons inside */}
          <div className="scroll" onKeyDown={(event) => moveFocus(event, 'button.pick')}>
            <ul aria-label={words.conversations}>
              {shown.map((entry) => (
                <li key={entry.id}>
                  <button
                    type="button"
                    className="pick"
                    aria-pressed={picked.includes(entry.id)}
                    onClick={() => toggle(entry.id)}
                  >
                    <Avatar
                      id={entry.peer?.id ?? entry.id}
                      name={entry.title}
                      kind={entry.kind === 'direct' ? 'person' : 'group'}
                      picture={entry.peer?.avatar ?? entry.picture}
                      size="person"
                    />
                    <bdi>{entry.title}</bdi>
                    <span className="tick">{picked.includes(entry.id) && <Icon of={Check} size={16} />}</span>
                  </button>
                </li>
              ))}
            </ul>
          </div>
        </div>
        <div className="dialog-acts">
          <Problem code={problem} />
          <button type="submit" className="button main" disabled={picked.length === 0 || busy}>
            {words.messages.forwardTo(picked.length)}
          </button>
        </div>
      </form>
    </Dialog>
  );
}

const SHOWN_MAX = 3;

/** Renders the first messages to forward, in one line each. */
function ForwardedRows({ rows }: Pick<ForwardDialogProps, 'rows'>) {
  const words = useWords();
  return (
    <div className="hint forward-said">
      {rows.slice(0, SHOWN_MAX).map((row) => (
        <p key={row.key} dir="auto">
          <SenderAndText sender={row.sender}>
            <RowLine row={row} />
          </SenderAndText>
        </p>
      ))}
      {rows.length > SHOWN_MAX && <p>{words.messages.andMore(rows.length - SHOWN_MAX)}</p>}
    </div>
  );
}
