import { memo, useEffect, useMemo, useState } from 'react';
import { type LaneName, laneNames } from '../src/reports.js';
import { delayOfServer, type EndRecording, type LifeLine, lifeOf } from '../src/session-life.js';
import { LifeChart } from './life-chart.js';
import type { Lanes } from './use-lanes.js';
import type { LabWords } from './words.js';

/** How often the recording is requested from the frame, and how long a saved file stays available to the browser. */
const ASK_MS = 1_000;
/** The shown time spans in milliseconds; 0 is everything. */
const spansShown = [0, 60_000, 10_000, 1_000, 100] as const;

interface Props {
  readonly lanes: Lanes;
  /** Requests the recording from the frame of a lane. */
  readonly requestReport: (lane: LaneName) => void;
  readonly words: LabWords;
}

/** Shows the life of one session as recorded by both ends. */
export function Timeline({ lanes, requestReport, words }: Props) {
  const [lane, setLane] = useState<LaneName>('automatic');
  const [shownMs, setShownMs] = useState(0);
  const { ready, closed, reported } = lanes[lane];
  useEffect(() => {
    if (!ready) return;
    requestReport(lane);
    if (closed !== null) return;
    const timer = setInterval(() => requestReport(lane), ASK_MS);
    return () => clearInterval(timer);
  }, [requestReport, lane, ready, closed]);
  const server = useServerRecording(lane, reported);
  const client = reported?.recording;
  const lives = useMemo(() => {
    return client && { client: lifeOf(client), server: server && lifeOf(server), delay: delayOfServer(client) };
  }, [client, server]);

  return (
    <section className="timeline" aria-labelledby="timeline">
      <h2 id="timeline">{words.timeline}</h2>
      <p className="note">{words.timelineAbout}</p>
      <div className="controls">
        <label>
          {words.lane}{' '}
          <select name="lane" value={lane} onChange={({ target }) => setLane(target.value as LaneName)}>
            {laneNames.map((name) => (
              <option key={name} value={name}>
                {name === 'automatic' ? words.automatic : name}
              </option>
            ))}
          </select>
        </label>
        <label>
          {words.shown}{' '}
          <select name="shown" value={shownMs} onChange={({ target }) => setShownMs(Number(target.value))}>
            {spansShown.map((ms) => (
              <option key={ms} value={ms}>
                {ms === 0 ? words.wholeLife : `${ms / 1_000} s`}
              </option>
            ))}
          </select>
        </label>
        {client && (
          <button type="button" onClick={() => save(client, lane)}>
            {words.saveRecording(words.client)}
          </button>
        )}
        {server && (
          <button type="button" onClick={() => save(server, lane)}>
            {words.saveRecording(words.server)}
          </button>
        )}
      </div>
      {lives ? (
        <>
          <LifeChart {...lives} shownMs={shownMs} words={words} />
          <details>
            <summary>{words.everyEntry}</summary>
            <div className="entries">
              <Entries title={words.client} lines={lives.client.lines} />
              {lives.server && <Entries title={words.server} lines={lives.server.lines} />}
            </div>
          </details>
        </>
      ) : (
        <p className="note">{words.noLife}</p>
      )}
    </section>
  );
}

/** Returns the server's recording of the session that its client reported; `null` if the server does not know it. */
function useServerRecording(lane: LaneName, reported: Lanes[LaneName]['reported']): EndRecording | null {
  const [server, setServer] = useState<{
    readonly subject: string;
    readonly recording: EndRecording | null;
  } | null>(null);
  useEffect(() => {
    if (!reported) return;
    const { subject } = reported;
    let isLate = false;
    fetch(`/lanes/${lane}/recording?of=${subject}`)
      .then((response): Promise<EndRecording> | null => (response.ok ? response.json() : null))
      .then((recording) => isLate || setServer({ subject, recording }))
      // The lab was stopped, so the last report stays.
      .catch(() => undefined);
    return () => {
      isLate = true;
    };
  }, [lane, reported]);
  return server && server.subject === reported?.subject ? server.recording : null;
}

const Entries = memo(({ title, lines }: { readonly title: string; readonly lines: readonly LifeLine[] }) => (
  <div className="log">
    <h3>{title}</h3>
    {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling area must be reachable by keyboard */}
    <ol tabIndex={0} aria-label={title}>
      {lines.map(({ at, text }, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: entries are only appended
        <li key={index}>
          <code>
            {(at / 1_000).toFixed(3)} {text}
          </code>
        </li>
      ))}
    </ol>
  </div>
));

function save(recording: EndRecording, lane: LaneName): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([JSON.stringify(recording)], { type: 'application/json' }));
  link.download = `${lane}-${recording.end}.json`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), ASK_MS);
}
