import type { ChatClient } from '@everywire/chat-client';
import { act, renderHook } from '@testing-library/react';
import { createElement, type ReactNode } from 'react';
import { ClientContext } from '../client-context.js';

/**
 * A source of snapshots, such as a client or a timeline, for tests. `set` replaces the snapshot and notifies the
 * listeners.
 */
export class Source<Snapshot> {
  readonly listeners = new Set<() => void>();
  snapshot: Snapshot;

  constructor(first: Snapshot) {
    this.snapshot = first;
  }

  readonly subscribe = (listener: () => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };
  readonly getSnapshot = () => this.snapshot;

  set(next: Snapshot): void {
    this.snapshot = next;
    act(() => {
      for (const listener of this.listeners) listener();
    });
  }
}

/**
 * Renders a hook in a component below this client. `renders` contains the result of each rendering; `now` returns the
 * last one.
 */
export function renderBelow<Result, Props>(
  client: Partial<ChatClient>,
  hook: (props: Props) => Result,
  initialProps: Props,
) {
  const renders: Result[] = [];
  const wrapper = ({ children }: { readonly children?: ReactNode }) =>
    createElement(ClientContext.Provider, { value: client as ChatClient }, children);
  const { rerender, unmount } = renderHook(
    (props: Props) => {
      const result = hook(props);
      renders.push(result);
      return result;
    },
    { wrapper, initialProps },
  );
  return { renders, rerender, unmount, now: () => renders.at(-1) as Result };
}
