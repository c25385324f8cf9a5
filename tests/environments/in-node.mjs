/**
 * Runs conversations in Node or Bun, and writes their results as one line of JSON. The arguments are the server's address
 * and the transports.
 */
import { createWireClient } from '@everywire/client';
import { converseByAll } from './conversation.mjs';

const [url, transports] = process.argv.slice(2);
console.log(JSON.stringify(await converseByAll(createWireClient, url, transports.split(','))));
process.exit();
