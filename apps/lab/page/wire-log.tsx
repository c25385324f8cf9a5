import { memo } from 'react';
import type { LogEntry } from '../src/reports.js';
import type { LabWords } from './words.js';

const arrows = { up: '↑', down: '↓', end: '·' } as const;

interface Props {
  readonly entries: readonly LogEntry[];
  readonly leftOut: number;
  readonly lane: string;
  readonly words: LabWords;
}

/** Shows the traffic of a lane's connections, newest first, with frame fields and request heads. */
export const WireLog = memo(({ entries, leftOut, lane, words }: Props) => (
  <section className="log" aria-label={`${words.log}: ${lane}`}>
    <h3>{words.log}</h3>
    {leftOut > 0 && <p className="note">{words.leftOut(leftOut)}</p>}
    {entries.length === 0 && <p className="note">{words.noLog}</p>}
    {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling area must be reachable by keyboard */}
    <ol tabIndex={0} aria-label={`${words.log}: ${lane}`}>
      {entries.toReversed().map((entry) => (
        <Entry key={entry.no} entry={entry} />
      ))}
    </ol>
  </section>
));

/** Renders an entry once, because there are hundreds, and new ones four times a second. */
const Entry = memo(({ entry }: { readonly entry: LogEntry }) => (
  <li>
    {entry.detail === '' ? (
      <Line {...entry} />
    ) : (
      <details>
        <summary>
          <Line {...entry} />
        </summary>
        <pre>{entry.detail}</pre>
      </details>
    )}
  </li>
));

function Line({ at, connection, way, title }: LogEntry) {
  return (
    <code>
      {(at / 1_000).toFixed(3)} #{connection} {arrows[way]} {title}
    </code>
  );
}
