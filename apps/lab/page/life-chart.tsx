import { Fragment, type ReactNode } from 'react';
import { markKinds, type SessionLife, type Span } from '../src/session-life.js';
import type { LabWords } from './words.js';

/** The approximate number of ticks on the visible part of the axis. */
const TICKS = 6;

interface Props {
  readonly client: SessionLife;
  readonly server: SessionLife | null;
  /** Milliseconds by which the server's session began later than the client's. The chart shifts the server's times by it. */
  readonly delay: number;
  /** The visible time span in milliseconds; 0 is everything. */
  readonly shownMs: number;
  readonly words: LabWords;
}

/** Shows the history of a session at both ends on one time axis. The row names stay in place while the chart scrolls. */
export function LifeChart({ client, server, delay, shownMs, words }: Props) {
  const whole = Math.max(1, client.until, server ? server.until + delay : 0);
  const shown = shownMs === 0 ? whole : Math.min(shownMs, whole);
  return (
    <div className="chart">
      <div className="names" aria-hidden="true">
        <div />
        <Names title={words.client} life={client} words={words} />
        {server && <Names title={words.server} life={server} words={words} />}
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling area must be reachable by keyboard */}
      <section className="scroller" tabIndex={0} aria-label={`${words.client}, ${words.server}`}>
        <div style={{ width: `${(whole / shown) * 100}%` }}>
          <Axis whole={whole} shown={shown} />
          <Life title={words.client} life={client} delay={0} whole={whole} words={words} />
          {server ? (
            <Life title={words.server} life={server} delay={delay} whole={whole} words={words} />
          ) : (
            <p className="note">{words.noServer}</p>
          )}
        </div>
      </section>
    </div>
  );
}

function Names({
  title,
  life,
  words,
}: {
  readonly title: string;
  readonly life: SessionLife;
  readonly words: LabWords;
}) {
  return (
    <>
      <strong>{title}</strong>
      <div>{words.carriedBy}</div>
      <div style={{ height: `${life.rows}lh` }}>{words.links}</div>
      {markKinds.map((kind) => (
        <div key={kind}>{words.marks[kind]}</div>
      ))}
    </>
  );
}

function Axis({ whole, shown }: { readonly whole: number; readonly shown: number }) {
  const step = roundStep(shown / TICKS);
  const ticks = Array.from({ length: Math.floor(whole / step) + 1 }, (_, index) => index * step);
  return (
    <div className="row" aria-hidden="true">
      {ticks.map((at) => (
        <span key={at} className="tick" style={{ left: `${(at / whole) * 100}%` }}>
          {at / 1_000} s
        </span>
      ))}
    </div>
  );
}

/** Returns 1, 2 or 5 times a power of ten, at least `least`. */
function roundStep(least: number): number {
  const power = 10 ** Math.floor(Math.log10(least));
  return power * ([1, 2, 5].find((times) => times * power >= least) ?? 10);
}

interface LifeProps {
  readonly title: string;
  readonly life: SessionLife;
  readonly delay: number;
  readonly whole: number;
  readonly words: LabWords;
}

function Life({ title, life, delay, whole, words }: LifeProps) {
  const { carriers, links, rows, marks, gap, ended } = life;
  const placeOf = ({ from, to }: Span): { readonly left: string; readonly width: string } => ({
    left: `${((from + delay) / whole) * 100}%`,
    width: `${(((to ?? whole - delay) - from) / whole) * 100}%`,
  });
  const timesOf = ({ from, to }: Span): string =>
    `${seconds(from + delay)} – ${to === null ? '' : seconds(to + delay)} s`;
  const bar = (name: string, span: Span, label: string, top = 0): ReactNode => (
    <span
      className={`bar ${colorOf(name)}`}
      style={{ ...placeOf(span), top: `${top}lh` }}
      title={`${label}, ${timesOf(span)}`}
    >
      {name}
    </span>
  );
  const carried = carriers.map((span) => `${span.name} ${timesOf(span)}`);
  return (
    <div className="life" role="img" aria-label={words.lifeOf(title, carried.join(', '), links.length, ended)}>
      <div className="row">{ended !== null && words.closed(ended)}</div>
      <div className="row">
        {carriers.map((span) => (
          <Fragment key={span.from}>{bar(span.name, span, span.name)}</Fragment>
        ))}
      </div>
      <div className="row" style={{ height: `${rows}lh` }}>
        {links.map((span) => (
          <Fragment key={span.link}>{bar(span.name, span, `#${span.link} ${span.name}`, span.row)}</Fragment>
        ))}
      </div>
      {markKinds.map((kind) => (
        <svg key={kind} className="row" viewBox={`0 0 ${whole} 1`} preserveAspectRatio="none" aria-hidden="true">
          <path d={marks[kind].map((at) => `M${(at + delay).toFixed(1)} 0v1`).join('')} />
        </svg>
      ))}
      {gap && <span className="gap" style={placeOf(gap)} title={words.gap(gap.entries)} />}
    </div>
  );
}

function seconds(ms: number): string {
  return (ms / 1_000).toFixed(3);
}

function colorOf(name: string): string {
  if (name === 'websocket' || name === 'post') return name;
  return name.endsWith('-poll') ? 'poll' : 'stream';
}
