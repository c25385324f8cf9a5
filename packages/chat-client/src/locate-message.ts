import type { ConversationId, MessageRow } from '@everywire/chat';
import type { LocatedMessage } from './chat-client.js';
import { messageKey } from './core/row-view.js';
import type { Engine } from './engine.js';

/**
 * The message to locate. `root`: the root of the open thread, `null` in the main log. `isClosed`: whether the view is
 * closed.
 */
interface Sought {
  readonly conversation: ConversationId;
  readonly root: number | null;
  readonly sequence: number;
  readonly isClosed: () => boolean;
}

/**
 * Waits until a message of an open log is loaded, and returns its location. Returns `null` if the message is not
 * visible to the user, or if the view is closed first.
 */
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
      // The log was dropped and recreated, so the message is sought in the new one. `seek` never leaves it `undefined`.
      if (found === undefined) engine.whenLoaded((core) => core.seek(conversation, sequence, root));
      else settle(found);
    };
    const stop = subscribe(look);
    look();
  });
}
