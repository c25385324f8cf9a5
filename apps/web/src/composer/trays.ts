import { type ChatClient, isProvisional, peerOf } from '@everywire/chat-client';
import { askBeforeUnload } from '../app/unload-question.js';
import { Tray } from './tray.js';

/** By conversation, and root of the thread. */
const trays = new WeakMap<ChatClient, Map<string, Tray>>();

/** The tray of a conversation or thread: there for as long as one is signed in, whatever is open. */
export function trayAt(client: ChatClient, conversation: number, root: number | null): Tray {
  const known = trays.get(client) ?? traysOf(client);
  const place = placeOf(conversation, root);
  const upload: ChatClient['upload'] = (file, options) => client.upload(file, options);
  const tray = known.get(place) ?? askingTray(new Tray(upload, () => isConnected(client)));
  known.set(place, tray);
  return tray;
}

/** Nothing else keeps what waits in a tray: the page is not left without a question then. */
function askingTray(tray: Tray): Tray {
  let endQuestion: (() => void) | null = null;
  tray.subscribe(() => {
    if (tray.getSnapshot().items.length > 0) {
      endQuestion ??= askBeforeUnload();
      return;
    }
    endQuestion?.();
    endQuestion = null;
  });
  return tray;
}

/** How many files wait to be sent, on their way up or failed among them. */
export function waitingFiles(client: ChatClient): number {
  return [...(trays.get(client)?.values() ?? [])].reduce((sum, tray) => sum + tray.getSnapshot().items.length, 0);
}

/** What was put beside the field before a first message is sent along in the conversation that it created. */
function moveBegun(client: ChatClient, made: Map<string, Tray>): void {
  for (const [place, tray] of made) {
    const conversation = Number(place.split('/')[0]);
    const id = isProvisional(conversation) ? client.direct(peerOf(conversation)) : conversation;
    if (id === conversation || made.has(placeOf(id, null))) continue;
    made.delete(place);
    made.set(placeOf(id, null), tray);
  }
}

function placeOf(conversation: number, root: number | null): string {
  return `${conversation}/${root}`;
}

/** The first of a client: from now on its trays go on as often as the connection comes back. */
function traysOf(client: ChatClient): Map<string, Tray> {
  const made = new Map<string, Tray>();
  trays.set(client, made);
  let connected = isConnected(client);
  client.subscribe(() => {
    moveBegun(client, made);
    const before = connected;
    connected = isConnected(client);
    if (connected && !before) for (const tray of made.values()) tray.resume();
  });
  return made;
}

function isConnected(client: ChatClient): boolean {
  return client.getSnapshot().connection.state === 'open';
}

/** Signed out: nothing goes up any more, and nothing waits. */
export function stopTrays(client: ChatClient): void {
  for (const tray of trays.get(client)?.values() ?? []) tray.stop();
}
