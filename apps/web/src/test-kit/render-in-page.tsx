import type { ChatClient } from '@everywire/chat-client';
import { ClientContext } from '@everywire/chat-react';
import { type RenderHookResult, render, renderHook } from '@testing-library/react';
import type { ReactNode } from 'react';
import { FixtureChat } from '../../fixtures/fixture-chat.js';

/** Returns a connected in-memory chat, with the given parts replaced. */
export function chatWith(parts: Partial<ChatClient> = {}): FixtureChat {
  const options = { empty: false, typing: false, rich: false, album: false, talks: false, history: null } as const;
  return Object.assign(new FixtureChat({ wire: 'fine', ...options }), parts);
}

interface InPage<Props> {
  readonly chat?: ChatClient;
  readonly initialProps?: Props;
}

/** Renders a hook under the contexts of the page. `result.current` is what its last render returned. */
export function renderHookInPage<Result, Props>(
  hook: (props: Props) => Result,
  { chat = chatWith(), ...given }: InPage<Props> = {},
): RenderHookResult<Result, Props> {
  const wrapper = ({ children }: { readonly children: ReactNode }) => (
    <ClientContext value={chat}>{children}</ClientContext>
  );
  return renderHook(hook, { wrapper, ...given });
}

/** Renders a component under the contexts of the page. */
export function renderInPage(component: ReactNode, chat: ChatClient = chatWith()): ReturnType<typeof render> {
  return render(component, {
    wrapper: ({ children }) => <ClientContext value={chat}>{children}</ClientContext>,
  });
}
