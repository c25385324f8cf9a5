import type { LaneName } from '../src/reports.js';
import { type LaneRecord, overheadOf } from './lane-record.js';
import type { LabWords } from './words.js';

/** The transports with one long answer, which occupies a connection. */
const streams: readonly LaneName[] = [
  'fetch-stream',
  'event-stream',
  'xhr-stream',
  'multipart-stream',
  'iframe-stream',
];

/** Shows sentences on what the current figures teach about the transports. A sentence without figures is left out. */
export function Lessons({
  lanes,
  words,
}: {
  readonly lanes: Readonly<Record<LaneName, LaneRecord>>;
  readonly words: LabWords;
}) {
  const { lesson } = words;
  const polls = lanes['short-poll'];
  const byOverhead = Object.entries(lanes)
    .map(([name, record]) => ({ name, bytes: overheadOf(record) }))
    .filter((each): each is { name: LaneName; bytes: number } => each.bytes !== null && each.name !== 'automatic')
    // A frame of a WebSocket has few bytes: what it costs more comes from handshakes that a fault has refused.
    .filter(({ name }) => name !== 'websocket' || lanes[name].counts.requests === 1)
    .toSorted((a, b) => a.bytes - b.bytes);
  const [cheap, dear] = [byOverhead[0], byOverhead.at(-1)];
  const held = streams.filter((name) => lanes[name].counts.held > 0).length;
  const chosen = lanes.automatic.states.at(-1)?.transport;
  const sentences = [
    ...(polls.counts.requests > 0
      ? [lesson.polls(polls.counts.requests, polls.received, polls.counts.emptyAnswers)]
      : []),
    ...(lanes['long-poll'].counts.held > 0 ? [lesson.held(lanes['long-poll'].counts.held)] : []),
    ...(cheap && dear && cheap !== dear
      ? [lesson.overhead(dear.name, Math.round(dear.bytes), cheap.name, Math.round(cheap.bytes))]
      : []),
    lesson.buffered,
    ...(held > 0 ? [lesson.six(held)] : []),
    ...(chosen ? [lesson.automatic(chosen)] : []),
  ];
  return (
    <section className="lessons" aria-labelledby="lessons">
      <h2 id="lessons">{words.lessons}</h2>
      <ul>
        {sentences.map((sentence) => (
          <li key={sentence}>{sentence}</li>
        ))}
      </ul>
    </section>
  );
}
