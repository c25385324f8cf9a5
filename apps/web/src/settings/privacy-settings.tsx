import { useClient } from '@everywire/chat-react';
import { useCallback } from 'react';
import { useAttempt } from '../app/use-attempt.js';
import { useServerValue } from '../app/use-server-value.js';
import { Problem } from '../design/problem.js';
import { useWords } from '../i18n/words.js';
import { OnOff } from './option.js';

/** Renders what others can see, and the list of blocked people. */
export function PrivacySettings() {
  const words = useWords();
  const { privacy } = useClient();
  const own = useServerValue(useCallback(() => privacy.get(), [privacy]));
  const { busy, problem, attempt } = useAttempt();
  return (
    <>
      <h3>{words.privacy}</h3>
      <Problem code={problem ?? own.problem} onRetry={problem === null ? own.refetch : undefined} />
      {own.value !== null && (
        <>
          <OnOff
            title={words.receiptsSwitch}
            text={words.receiptsSwitchWords}
            value={own.value.receipts}
            onChange={(on) => void attempt(() => privacy.setReceipts(on).then(own.refetch))}
          />
          <section className="opt opt-form" aria-label={words.blockedPeople}>
            <b>{words.blockedPeople}</b>
            <p>{words.blockedPeopleWords}</p>
            <div className="fields">
              {own.value.blocked.length === 0 && <p>{words.noOneBlocked}</p>}
              <ul className="listed">
                {own.value.blocked.map((person) => (
                  <li key={person.id}>
                    <span>
                      <b>
                        <bdi>{person.displayName}</bdi>
                      </b>
                      <small>
                        <bdi>{person.name}</bdi>
                      </small>
                    </span>
                    <button
                      type="button"
                      className="button"
                      disabled={busy}
                      aria-label={words.unblockNamed(person.displayName)}
                      onClick={() => void attempt(() => privacy.unblock(person.id).then(own.refetch))}
                    >
                      {words.unblock}
                    </button>
                  </li>
                ))}
              </ul>
            </div>
          </section>
        </>
      )}
    </>
  );
}
