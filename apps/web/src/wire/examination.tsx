import { type Description, describe, examine, type Report } from '@everywire/client/doctor';
import { useEffect, useRef, useState } from 'react';
import { CopyButton } from '../app/copy-button.js';
import { usePreferences } from '../design/preferences.js';
import { examinationWords } from './examination-words.js';

/** How long the extended examination keeps a connection idle, in milliseconds: many middleboxes cut one after 20 s. */
const QUIET_MS = 25_000;

/** Examines what the network does to connections on request, and renders what to change. */
export function Examination({ url }: { readonly url: string }) {
  const [{ language }] = usePreferences();
  const words = examinationWords[language];
  const [report, setReport] = useState<Report | 'running' | null>(null);
  const running = useRef<AbortController | null>(null);
  useEffect(() => () => running.current?.abort(), []);
  const begin = (holdsMs: number) => {
    const abort = new AbortController();
    running.current = abort;
    setReport('running');
    // It only rejects after an abort, when the component is gone.
    examine(url, { quietMs: holdsMs, signal: abort.signal }).then(setReport, () => undefined);
  };
  const isRunning = report === 'running';
  const text = report === null || isRunning ? null : describe(report, language);
  return (
    <div className="examination">
      <p className="row set-row">
        <button type="button" className="button" aria-disabled={isRunning} onClick={() => isRunning || begin(0)}>
          {isRunning ? words.examining : words.examine}
        </button>
        {text !== null && (
          <>
            <button type="button" className="text-button" onClick={() => begin(QUIET_MS)}>
              {words.examineLonger}
            </button>
            <CopyButton className="text-button" text={() => JSON.stringify(report, null, 2)}>
              {words.copy}
            </CopyButton>
          </>
        )}
      </p>
      <div role="status">{text !== null && <Findings text={text} toChange={words.change} />}</div>
    </div>
  );
}

interface FindingsProps {
  readonly text: Description;
  readonly toChange: string;
}

function Findings({ text: { summary, findings }, toChange }: FindingsProps) {
  return (
    <>
      <p>{summary}</p>
      {findings.map(({ code, what, change }) => (
        <section key={code}>
          <p>
            <b>{what}</b>
          </p>
          <p>{toChange}</p>
          <ul>
            {change.map((one) => (
              <li key={one}>{one}</li>
            ))}
          </ul>
        </section>
      ))}
    </>
  );
}
