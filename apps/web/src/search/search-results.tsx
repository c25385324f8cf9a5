import { FoundMessages } from './found-messages.js';
import { FoundPlaces } from './found-places.js';

interface SearchResultsProps {
  readonly query: string;
  /** The conversation to search in; `null` for all. */
  readonly within: number | null;
  readonly onOpen: (conversation: number) => void;
}

/** Renders what the server finds: conversations and people, unless the search is within one conversation, and messages. */
export function SearchResults({ query, within, onOpen }: SearchResultsProps) {
  return (
    <>
      {within === null && <FoundPlaces query={query} onOpen={onOpen} />}
      <FoundMessages query={query} within={within} />
    </>
  );
}
