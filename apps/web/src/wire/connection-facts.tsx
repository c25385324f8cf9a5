import type { Status } from '@everywire/client';
import { usePreferences } from '../design/preferences.js';
import { clockTime, listTime } from '../i18n/dates.js';
import { useNow } from '../i18n/use-now.js';
import { useWords } from '../i18n/words.js';
import type { Words } from '../i18n/zh.js';
import { lastFailures, reasonWords } from './wire-report.js';

/** Renders the current transport, the last failures, and the next attempt. */
export function ConnectionFacts({ status }: { readonly status: Status }) {
  const words = useWords();
  const [{ transport, language }] = usePreferences();
  const now = useNow(status.state === 'waiting' ? 500 : 60_000);
  const failures = lastFailures(status);
  return (
    <dl className="facts">
      <dt>{words.now}</dt>
      <dd>
        {status.state === 'open'
          ? words.nowWords(
              words.transports[status.transport],
              status.roundTripMs,
              status.measuredAt === undefined ? null : clockTime(status.measuredAt, language),
            )
          : words.nowNothing}
      </dd>
      <dt>{words.tried}</dt>
      <dd>
        {failures.length === 0
          ? words.triedNothing
          : failures
              .map(({ transport, reason, at }) =>
                words.triedOne(
                  words.transports[transport],
                  reasonWords(reason, words),
                  listTime(at, now, words, language),
                ),
              )
              .join(words.triedBetween)}
      </dd>
      {(status.state !== 'open' || status.transport !== 'websocket') && (
        <>
          <dt>{words.nextTry}</dt>
          <dd>{nextTry(status, transport !== null, now, words)}</dd>
        </>
      )}
    </dl>
  );
}

function nextTry(status: Status, forced: boolean, now: number, words: Words): string {
  if (status.state === 'waiting') return words.nextTryIn(Math.max(0, Math.ceil((status.retryAt - now) / 1_000)));
  return forced && status.state === 'open' ? words.nextTryNot : words.nextTryItself;
}
