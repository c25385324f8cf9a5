import { openStore, runCommand } from './run-command.mjs';

/** Sends through the Store port. */
export async function openEverywire(url) {
  const store = await openStore(url);
  return {
    store,
    send: (request) => runCommand(store, request),
    close: () => store.close(),
  };
}
