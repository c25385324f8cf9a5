import type { Person } from '@everywire/chat-client';
import { LazyPart, lazyComponent } from '../app/lazy-component.js';
import { usePreferences } from '../design/preferences.js';
import { useWords } from '../i18n/words.js';
import { useStatusAnnouncement } from './status-announcement.js';
import { TypingWords } from './typing-words.js';
import type { WireView } from './wire-view.js';
import { roundTripSeconds } from './wire-view.js';
import { stateWords } from './wire-words.js';
import './wire.css';

const whyPopover = lazyComponent(() => import('./why-popover.js').then((module) => module.WhyPopover));

interface WireRowProps {
  readonly view: WireView;
  readonly typing: readonly Person[];
  readonly onTryNow: () => void;
}

/** Renders the connection above the composer: a line from the user to the server, with the state as text in between. Always 30 px high. */
export function WireRow({ view, typing, onTryNow }: WireRowProps) {
  const announcement = useStatusAnnouncement(view);
  const said = useWireSentence(view, onTryNow);
  return (
    <div className="wire" data-state={view.line}>
      <i className="node" />
      {typing.length > 0 && <TypingOnWire typing={typing} />}
      <span className="run a" />
      {said !== null && (
        <>
          <span className="words">{said}</span>
          <span className="run b" />
        </>
      )}
      <i className="node far" />
      {/* Announced once per change; the visible countdown is not announced. */}
      <span className="hide" role="status">
        {announcement}
      </span>
    </div>
  );
}

function TypingOnWire({ typing }: { readonly typing: readonly Person[] }) {
  return (
    <>
      <span className="run short" />
      <span className="typing">
        <span className="dots" aria-hidden="true">
          <i />
          <i />
          <i />
        </span>
        <span className="typing-words">
          <TypingWords typing={typing} />
        </span>
      </span>
    </>
  );
}

/** Returns the text of the state. A good connection has none, unless the preference is to always show it. */
function useWireSentence(view: WireView, onTryNow: () => void) {
  const words = useWords();
  const [{ connectionWords }] = usePreferences();
  switch (view.line) {
    case 'fine':
    case 'stream':
    case 'poll':
      if (connectionWords !== 'always' || view.transport === null) return null;
      return (
        <>
          <strong>{words.live}</strong>
          <span className="num">{words.nowWords(words.transports[view.transport], view.roundTripMs, null)}</span>
        </>
      );
    case 'slow':
      return (
        <>
          <strong>{words.slow}</strong>
          <span className="more">{words.slowWords(roundTripSeconds(view.roundTripMs))}</span>
          <LazyPart of={whyPopover} props={{}} waiting={<span className="text-button">{words.why}</span>} />
        </>
      );
    case 'again':
      return (
        <>
          <strong>{`${stateWords(view, words)}${words.ellipsis}`}</strong>
          <span className="more">{words.reconnectingWords}</span>
        </>
      );
    case 'blocked':
      return (
        <>
          <strong>{words.blocked}</strong>
          <span className="more">{words.blockedWords}</span>
          <LazyPart of={whyPopover} props={{}} waiting={<span className="text-button">{words.why}</span>} />
        </>
      );
    case 'cut':
      return (
        <>
          <strong>{words.cut}</strong>
          <span className="more">{words.cutWords}</span>
          {view.retry === 'always' && <span>{words.retryAlways}</span>}
          {typeof view.retry === 'object' && <span className="num">{words.retryIn(view.retry.inSeconds)}</span>}
          <button type="button" className="text-button" onClick={onTryNow}>
            {words.tryNow}
          </button>
        </>
      );
  }
}
