import type { ChatClient } from '@everywire/chat-client';
import { Tray } from './tray.js';

/** By conversation, and root of the thread. */
const trays = new WeakMap<ChatClient, Map<string, Tray>>();

/** The tray of a conversation or thread: there for as long as one is signed in, whatever is open. */
export function trayAt(client: ChatClient, conversation: number, root: number | null): Tray {
  const known = trays.get(client) ?? new Map<string, Tray>();
  trays.set(client, known);
  const place = `${conversation}/${root}`;
  const tray = known.get(place) ?? new Tray((file, options) => client.upload(file, options));
  known.set(place, tray);
  return tray;
}

/** Signed out: nothing goes up any more, and nothing waits. */
export function stopTrays(client: ChatClient): void {
  for (const tray of trays.get(client)?.values() ?? []) tray.stop();
}
