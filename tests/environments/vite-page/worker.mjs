import { createWireClient } from '@everywire/client';
import { converseByAll } from '../conversation.mjs';

self.onmessage = async ({ data }) => self.postMessage(await converseByAll(createWireClient, '/everywire', data));
