import { type ReactNode, useRef } from 'react';
import { useAttempt } from '../app/use-attempt.js';
import type { ServerValue } from '../app/use-server-value.js';
import { Problem } from '../design/problem.js';
import { useFocusKeptInList } from '../design/use-focus-kept-in-list.js';
import { useWords } from '../i18n/words.js';

interface InvitationListProps<Entry extends { readonly id: string | number }> {
  readonly label: string;
  readonly list: ServerValue<readonly Entry[]>;
  readonly onEnd: (id: Entry['id']) => Promise<void>;
  /** Loads the next page; `undefined` if all are loaded. */
  readonly onMore?: (() => void) | undefined;
  /** Renders the description of an invitation. */
  readonly children: (entry: Entry) => ReactNode;
}

/** Renders the valid invitations, each with a button that revokes it. */
export function InvitationList<Entry extends { readonly id: string | number }>({
  label,
  list,
  onEnd,
  onMore,
  children,
}: InvitationListProps<Entry>) {
  const words = useWords();
  const { busy, problem, attempt } = useAttempt();
  const rows = useRef<HTMLUListElement>(null);
  useFocusKeptInList(rows);
  return (
    <section className="opt opt-form" aria-label={label}>
      <b>{words.invitations}</b>
      <div className="fields">
        {list.value?.length === 0 && <p>{words.noInvitations}</p>}
        <ul className="listed" ref={rows} tabIndex={-1}>
          {list.value?.map((entry) => (
            <li key={entry.id}>
              {children(entry)}
              <button
                type="button"
                className="button"
                disabled={busy}
                onClick={() => void attempt(() => onEnd(entry.id).then(list.refetch))}
              >
                {words.endInvitation}
              </button>
            </li>
          ))}
        </ul>
        {onMore !== undefined && (
          <button type="button" className="text-button" onClick={onMore}>
            {words.moreInvitations}
          </button>
        )}
        <Problem code={problem ?? list.problem} onRetry={problem === null ? list.refetch : undefined} />
      </div>
    </section>
  );
}
