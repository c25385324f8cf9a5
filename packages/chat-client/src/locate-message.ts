import type { ConversationId, MessageRow } from '@everywire/chat';
import type { LocatedMessage } from './chat-client.js';
import { messageKey } from './core/row-view.js';
import type { Engine } from './engine.js';

interface Sought {
  readonly conversation: ConversationId;
  readonly root: number | null;
  readonly sequence: number;
  readonly isClosed: () => boolean;
}

/** Waits until a message of an open log is held, or known not to be visible to the user. */
export function locateMessage(
  engine: Engine,
  { conversation, root, sequence, isClosed }: Sought,
  subscribe: (listener: () => void) => () => void,
): Promise<LocatedMessage | null> {
  return new Promise((resolve) => {
    const settle = (row: MessageRow | null): void => {
      stop();
      const thread = root === null ? (row?.thread?.root ?? null) : null;
      resolve(row === null ? null : { key: messageKey(row), thread });
    };
    const look = (): void => {
      if (isClosed()) {
        settle(null);
        return;
      }
      const found = engine.core?.find(conversation, sequence, root);
      if (found === 'asked') return;
      // The log was dropped and recreated: seeks in the new one. (After `seek`, the state is always asked or found.)
      if (found === undefined) engine.whenLoaded((core) => core.seek(conversation, sequence, root));
      else settle(found);
    };
    const stop = subscribe(look);
    look();
  });
}
