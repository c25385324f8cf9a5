import { createWireClient } from '@everywire/client/service-worker';
import { converseByAll } from './conversation.mjs';

self.addEventListener('message', (event) => {
  const results = converseByAll(createWireClient, '/everywire', event.data);
  event.waitUntil(results.then((all) => event.source.postMessage(all)));
});
