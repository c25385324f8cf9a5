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
  const [loading, setLoading] = useState(true);
  const [problem, setProblem] = useState<string | null>(null);
  useEffect(() => {
    let dropped = false;
    setLoading(true);
    const settle = (done: () => void) => {
      if (dropped) return;
      done();
      setLoading(false);
    };
    const begin = () =>
      ask(query, null).then(
        (answer) =>
          settle(() => {
            setFound({ query, ...answer });
            setProblem(null);
          }),
        // What was found stays.
        (error: unknown) => settle(() => setProblem(codeOf(error))),
      );
    const timer = setTimeout(begin, query === '' ? 0 : pauseMs);
    return () => {
      dropped = true;
      clearTimeout(timer);
    };
  }, [ask, query]);

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
  return { items, more: next !== null, loading, problem, loadMore };
}
