import { useChat } from '@everywire/chat-react';
import { Settings2 } from 'lucide-react';
import { Avatar } from '../design/avatar.js';
import { Icon } from '../design/icon.js';
import { useWords } from '../i18n/words.js';
import { WireGlyph } from '../wire/wire-glyph.js';
import type { WireView } from '../wire/wire-view.js';
import { isConnected } from '../wire/wire-view.js';
import { stateWords } from '../wire/wire-words.js';

/** A round trip above this is not shown: a measurement can be a minute old, and a long one is from a moment that has passed. */
const SHOWN_MAX_MS = 500;

interface ListFootProps {
  readonly wire: WireView;
  readonly onSettings: () => void;
  readonly onConnection: () => void;
}

/** Renders the footer of the list: the user, the connection state with the measured round trip, and the settings button. */
export function ListFooter({ wire, onSettings, onConnection }: ListFootProps) {
  const words = useWords();
  const { me } = useChat();
  const roundTripMs = wire.line === 'fine' || wire.line === 'stream' || wire.line === 'poll' ? wire.roundTripMs : null;
  const connected = isConnected(wire) && wire.transport !== null;
  const state = stateWords(wire, words);
  const figure = roundTripMs === null || roundTripMs > SHOWN_MAX_MS ? '' : `${Math.max(1, Math.round(roundTripMs))} ms`;
  return (
    <footer className="foot">
      <Avatar id={me.id} name={me.displayName} kind="person" picture={me.avatar} dot={connected ? 'here' : 'was'} />
      <div className="who">
        <b>
          <bdi>{me.displayName}</bdi>
        </b>
        <button
          type="button"
          className="status"
          data-state={wire.line}
          aria-label={words.connectionIs(`${state} ${figure}`.trim())}
          onClick={onConnection}
        >
          <WireGlyph line={wire.line} />
          {`${state} `}
          {figure !== '' && <span className="num">{figure}</span>}
        </button>
      </div>
      <button type="button" className="icon" aria-label={words.settings} title={words.settings} onClick={onSettings}>
        <Icon of={Settings2} />
      </button>
    </footer>
  );
}
