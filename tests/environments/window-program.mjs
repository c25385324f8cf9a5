import { createWireClient } from '@everywire/client';
import { converseByAll } from './conversation.mjs';

globalThis.converseByAll = (url, transports) => converseByAll(createWireClient, url, transports);
