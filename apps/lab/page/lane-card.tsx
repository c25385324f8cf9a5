import {
  type LaneName,
  type LastingFault,
  lastingFaults,
  type MomentaryFault,
  momentaryFaults,
} from '../src/reports.js';
import { type LaneRecord, overheadOf, percentile } from './lane-record.js';
import { RoundTrips } from './round-trips.js';
import { StateStrip } from './state-strip.js';
import { WireLog } from './wire-log.js';
import type { LabWords } from './words.js';

interface Props {
  readonly name: LaneName;
  readonly record: LaneRecord;
  readonly now: number;
  readonly words: LabWords;
  readonly onFault: (lane: LaneName, fault: LastingFault | MomentaryFault, inForce?: boolean) => void;
}

/** Shows one lane: its state, figures, charts, log and the buttons for its faults. */
export function LaneCard({ name, record, now, words, onFault }: Props) {
  const title = name === 'automatic' ? words.automatic : name;
  return (
    <section className="lane" aria-labelledby={`lane-${name}`}>
      <h2 id={`lane-${name}`}>
        {title} <small>{stateOf(record, words)}</small>
      </h2>
      {name === 'automatic' && <p className="note">{words.automaticAbout}</p>}
      <fieldset className="faults">
        <legend className="hidden">{words.faultsOf(title)}</legend>
        {momentaryFaults.map((fault) => (
          <button key={fault} type="button" onClick={() => onFault(name, fault)}>
            {words.faults[fault]}
          </button>
        ))}
        {lastingFaults.map((fault) => (
          <button
            key={fault}
            type="button"
            aria-pressed={record.faults.includes(fault)}
            onClick={() => onFault(name, fault, !record.faults.includes(fault))}
          >
            {words.faults[fault]}
          </button>
        ))}
      </fieldset>
      <Figures record={record} words={words} />
      <StateStrip
        states={record.states}
        now={record.closed === null ? now : (record.states.at(-1)?.at ?? 0)}
        label={words.states}
      />
      <RoundTrips values={record.roundTrips} label={words.roundTrip} />
      <WireLog entries={record.log} leftOut={record.leftOut} lane={title} words={words} />
    </section>
  );
}

function Figures({ record, words }: Pick<Props, 'record' | 'words'>) {
  const { counts, roundTrips, sent, received } = record;
  const figures: readonly (readonly [string, string])[] = [
    [words.requests, String(counts.requests)],
    [words.up, String(counts.bytesUp)],
    [words.down, String(counts.bytesDown)],
    [words.overhead, rounded(overheadOf(record))],
    [words.held, String(counts.held)],
    [words.back, `${received} / ${sent}`],
    ...([0.5, 0.95, 0.99] as const).map((share): readonly [string, string] => [
      `p${share * 100}`,
      `${rounded(percentile(roundTrips, share))} ${words.ms}`,
    ]),
  ];
  return (
    <dl className="figures">
      {figures.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

/** Returns the state of a lane with its transport and the reason, if there are any. */
export function stateOf({ states, closed }: LaneRecord, words: LabWords): string {
  if (closed !== null) return words.closed(closed);
  const last = states.at(-1);
  if (!last) return words.notStarted;
  return [last.state, last.transport, last.reason].filter((part) => part !== null).join(', ');
}

/** Returns a number for display: with one decimal below 10, otherwise whole; a dash for `null`. */
export function rounded(value: number | null): string {
  if (value === null) return '–';
  return value < 10 ? value.toFixed(1) : String(Math.round(value));
}
