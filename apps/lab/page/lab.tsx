import { type FormEvent, StrictMode, useEffect, useState } from 'react';
import { createRoot } from 'react-dom/client';
import { type LaneName, laneNames, lastingFaults, momentaryFaults } from '../src/reports.js';
import { LaneCard, rounded, stateOf } from './lane-card.js';
import { overheadOf, percentile } from './lane-record.js';
import { Lessons } from './lessons.js';
import { Timeline } from './timeline.js';
import { type Lanes, useLanes } from './use-lanes.js';
import { type LabWords, preferredLanguage, words as wordsOf } from './words.js';
import './lab.css';

/* The page of the lab: runs all transports next to each other and shows their requests, bytes and round trips. */

const element = document.getElementById('lab') as HTMLElement;
/** The port of each lane. The server writes the ports into the page. */
const ports: Readonly<Record<LaneName, number>> = JSON.parse(element.dataset['ports'] ?? '{}');
const originOf = (name: LaneName): string => `${location.protocol}//${location.hostname}:${ports[name]}`;
const MESSAGES_MAX = 1_000;
const BYTES_MAX = 20_000;
/** The smallest size of a message, which must have room for `MESSAGE_MARK` and its number. */
const BYTES_MIN = 12;

function Lab() {
  const [language, setLanguage] = useState(preferredLanguage);
  const words = wordsOf[language];
  const { lanes, now, frameOf, connect, disconnect, send, injure, requestReport } = useLanes(originOf);
  useEffect(() => {
    document.documentElement.lang = language === 'zh' ? 'zh-CN' : 'en';
    document.title = words.title;
  }, [language, words]);
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    send(Number(form.get('count')), Number(form.get('bytes')), Number(form.get('everyMs')));
  };

  return (
    <>
      <header>
        <button
          type="button"
          className="language"
          lang={language === 'zh' ? 'en' : 'zh-CN'}
          onClick={() => setLanguage(language === 'zh' ? 'en' : 'zh')}
        >
          {words.language}
        </button>
        <h1>{words.title}</h1>
        <p>{words.about}</p>
      </header>
      <main>
        <form className="controls" onSubmit={submit}>
          <button type="button" onClick={connect} disabled={!laneNames.every((name) => lanes[name].ready)}>
            {words.connect}
          </button>
          <button type="button" onClick={disconnect}>
            {words.disconnect}
          </button>
          <label>
            {words.messages} <input name="count" type="number" min={1} max={MESSAGES_MAX} defaultValue={100} />
          </label>
          <label>
            {words.size} <input name="bytes" type="number" min={BYTES_MIN} max={BYTES_MAX} defaultValue={100} />
          </label>
          <label>
            {words.pace}{' '}
            <select name="everyMs" defaultValue={50}>
              {Object.entries(words.paces).map(([everyMs, name]) => (
                <option key={everyMs} value={everyMs}>
                  {name}
                </option>
              ))}
            </select>
          </label>
          <button type="submit" className="main">
            {words.send}
          </button>
        </form>
        <AllFaults words={words} injure={injure} lanes={lanes} />
        <Summary lanes={lanes} words={words} />
        <Lessons lanes={lanes} words={words} />
        <Timeline lanes={lanes} requestReport={requestReport} words={words} />
        <div className="lanes">
          {laneNames.map((name) => (
            <LaneCard key={name} name={name} record={lanes[name]} now={now} words={words} onFault={injure} />
          ))}
        </div>
        <div className="hidden" aria-hidden="true">
          {laneNames.map((name) => (
            <iframe key={name} ref={frameOf(name)} src={`${originOf(name)}/`} title={name} tabIndex={-1} />
          ))}
        </div>
      </main>
    </>
  );
}

function AllFaults({
  words,
  injure,
  lanes,
}: {
  readonly words: LabWords;
  readonly injure: ReturnType<typeof useLanes>['injure'];
  readonly lanes: Lanes;
}) {
  return (
    <fieldset className="faults">
      <legend>{words.faultsOfAll}</legend>
      {momentaryFaults.map((fault) => (
        <button key={fault} type="button" onClick={() => laneNames.map((name) => injure(name, fault))}>
          {words.faults[fault]}
        </button>
      ))}
      {lastingFaults.map((fault) => {
        const everywhere = laneNames.every((name) => lanes[name].faults.includes(fault));
        return (
          <button
            key={fault}
            type="button"
            aria-pressed={everywhere}
            onClick={() => laneNames.map((name) => injure(name, fault, !everywhere))}
          >
            {words.faults[fault]}
          </button>
        );
      })}
    </fieldset>
  );
}

function Summary({ lanes, words }: { readonly lanes: Lanes; readonly words: LabWords }) {
  const heads = [words.lane, words.state, words.requests, words.up, words.down, words.overhead, words.p50, words.p95];
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling area must be reachable by keyboard
    <section className="summary" tabIndex={0} aria-label={words.summary}>
      <table>
        <caption className="hidden">{words.summary}</caption>
        <thead>
          <tr>
            {heads.map((head) => (
              <th key={head} scope="col">
                {head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {laneNames.map((name) => {
            const record = lanes[name];
            return (
              <tr key={name} data-lane={name}>
                <th scope="row">
                  <a href={`#lane-${name}`}>{name === 'automatic' ? words.automatic : name}</a>
                </th>
                <td>{stateOf(record, words)}</td>
                <td>{record.counts.requests}</td>
                <td>{record.counts.bytesUp}</td>
                <td>{record.counts.bytesDown}</td>
                <td>{rounded(overheadOf(record))}</td>
                <td>{rounded(percentile(record.roundTrips, 0.5))}</td>
                <td>{rounded(percentile(record.roundTrips, 0.95))}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </section>
  );
}

createRoot(element).render(
  <StrictMode>
    <Lab />
  </StrictMode>,
);
