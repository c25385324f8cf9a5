import { type MessageHit, type SearchTerm, searchTerms } from '@everywire/chat-client';
import { useChat } from '@everywire/chat-react';
import { useConnected } from '../app/connected-context.js';
import { goToMessage } from '../app/route.js';
import { Avatar } from '../design/avatar.js';
import { usePreferences } from '../design/preferences.js';
import { Problem } from '../design/problem.js';
import { listTime } from '../i18n/dates.js';
import { useNow } from '../i18n/use-now.js';
import { useWords } from '../i18n/words.js';
import { fileTitle } from '../pane/files-line.js';
import { excerptOf } from './excerpt.js';
import { useMessages } from './use-messages.js';
import { useReturnToResult } from './use-return-to-result.js';
import './search.css';

interface FoundMessagesProps {
  readonly query: string;
  /** The conversation to search in; `null` for all. */
  readonly within: number | null;
}

/**
 * Renders the messages that match the query, the newest first. Choosing one opens it in its conversation. A long search shows its results
 * and its progress, and can be stopped.
 */
export function FoundMessages({ query, within }: FoundMessagesProps) {
  const words = useWords();
  const [{ language }] = usePreferences();
  const now = useNow(60_000);
  const { hits: found, next, problem, loading, loadMore, stop, query: asked } = useMessages(query, within);
  const connected = useConnected();
  // The previous results stay while the user types, until new ones arrive. Without a connection none will, so they are hidden.
  const hits = asked === query || connected ? found : [];
  const rememberResult = useReturnToResult();
  const terms = searchTerms(asked);
  const isThrough = !loading && problem === null && next === null;
  const reached = next === null ? '' : listTime(next.sentAt, now, words, language);
  const goesOn = loading && asked === query && next !== null;
  return (
    <section className="found-messages" aria-label={words.search.messagesFound}>
      <h2 className="section">{words.search.messagesFound}</h2>
      {(problem !== null || !connected) && (
        <p className="found-problem">
          <Problem code={problem ?? 'offline'} onRetry={connected ? loadMore : undefined} />
        </p>
      )}
      <ul>
        {hits.map((hit) => (
          <li key={`${hit.conversation}.${hit.sequence}`}>
            <FoundMessage
              hit={hit}
              named={within === null}
              terms={terms}
              time={listTime(hit.sentAt, now, words, language)}
              onChoose={rememberResult}
            />
          </li>
        ))}
      </ul>
      <p className="search-state" role="status">
        {loading && connected && (goesOn ? words.search.searchingOlder(reached) : words.search.searching)}
        {isThrough && hits.length === 0 && words.search.nothing(query.trim())}
        {!loading && next !== null && words.search.searchedBack(reached)}
      </p>
      {goesOn && (
        <button type="button" className="more-rows text-button" onClick={stop}>
          {words.search.stop}
        </button>
      )}
      {next !== null && !loading && (
        <button type="button" className="more-rows text-button" onClick={loadMore}>
          {words.search.more}
        </button>
      )}
      <p className="search-filters">{words.search.filters}</p>
    </section>
  );
}

interface FoundMessageProps {
  readonly hit: MessageHit;
  /** Shows the name of the conversation. */
  readonly named: boolean;
  readonly terms: readonly SearchTerm[];
  readonly time: string;
  readonly onChoose: (button: HTMLElement) => void;
}

function FoundMessage({ hit, named, terms, time, onChoose }: FoundMessageProps) {
  const words = useWords();
  const { me } = useChat();
  const { place } = hit;
  const text = [hit.text, ...hit.files.map(({ name }) => fileTitle(name, words))]
    .filter((part) => part !== '')
    .join(' ');
  return (
    <button
      type="button"
      className="conversation"
      onClick={(event) => {
        onChoose(event.currentTarget);
        goToMessage(hit.conversation, hit.sequence);
      }}
    >
      <Avatar id={hit.sender.id} name={hit.sender.displayName} kind="person" picture={hit.sender.avatar} />
      <div>
        <p className="name">
          <span dir="auto">{hit.sender.displayName}</span>
        </p>
        {named && place !== null && (place.peer === null || hit.sender.id === me.id) && (
          <p className="last" dir="auto">
            {place.title}
          </p>
        )}
        <p className="found-text" dir="auto">
          {excerptOf(text, terms).map((stretch, index) =>
            // biome-ignore lint/suspicious/noArrayIndexKey: parts are identified by their position
            stretch.hit ? <mark key={index}>{stretch.text}</mark> : stretch.text,
          )}
        </p>
      </div>
      <div className="side">
        <time dateTime={new Date(hit.sentAt).toISOString()}>{time}</time>
      </div>
    </button>
  );
}
