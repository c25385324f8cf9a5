import { useRetryOnReconnect } from '@everywire/chat-react';
import { useCallback, useEffect, useState } from 'react';
import { codeOf } from './backend.js';

/** A page of an answer. */
interface FoundPage<Item, Position> {
  readonly items: readonly Item[];
  /** Where the next page begins; `null` at the end. */
  readonly next: Position | null;
}

interface Found<Item> {
  readonly items: readonly Item[];
  readonly more: boolean;
  readonly loading: boolean;
  /** The code of why there is no newer answer. */
  readonly problem: string | null;
  readonly loadMore: () => void;
}

interface Held<Item, Position> extends FoundPage<Item, Position> {
  readonly query: string;
}

const pauseMs = 150;

/** What is found by `query`, page by page, asked for when typing pauses; an answer to an older question is dropped. `ask` has to be steady. */
export function useFound<Item, Position>(
  query: string,
  ask: (query: string, after: Position | null) => Promise<FoundPage<Item, Position>>,
): Found<Item> {
  const [found, setFound] = useState<Held<Item, Position>>({ query: '', items: [], next: null });
  // The question that was answered, and not whether one is under way: the first render of the next one must not take an old answer for its own.
  const [settled, setSettled] = useState<string | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const { repeats, note } = useRetryOnReconnect();
  // biome-ignore lint/correctness/useExhaustiveDependencies: each repeat asks again
  useEffect(() => {
    let dropped = false;
    setSettled(null);
    const settle = (done: () => void) => {
      if (dropped) return;
      done();
      setSettled(query);
    };
    const begin = () =>
      ask(query, null).then(
        (answer) =>
          settle(() => {
            setFound({ query, ...answer });
            setProblem(null);
            note(false);
          }),
        // What was found stays.
        (error: unknown) =>
          settle(() => {
            setProblem(codeOf(error));
            note(true);
          }),
      );
    const timer = setTimeout(begin, query === '' ? 0 : pauseMs);
    return () => {
      dropped = true;
      clearTimeout(timer);
    };
  }, [ask, query, repeats, note]);

  const { items, next } = found;
  const loadMore = useCallback(() => {
    ask(query, next).then(
      (page) =>
        setFound((before) => {
          // Unless the question has changed or another answer to it came first.
          const goesOn = before.query === query && before.next === next;
          return goesOn ? { query, items: [...before.items, ...page.items], next: page.next } : before;
        }),
      (error: unknown) => setProblem(codeOf(error)),
    );
  }, [ask, query, next]);
  return { items, more: next !== null, loading: settled !== query, problem, loadMore };
}
