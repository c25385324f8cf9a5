import type { ChatClient } from '@everywire/chat-client';
import { act, renderHook } from '@testing-library/react';
import { createElement, type ReactNode } from 'react';
import { ClientContext } from '../client-context.js';

/** A source of snapshots and its listeners. */
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

/** Renders a hook below this client; `renders` holds what each render returned. */
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
