/**
 * Runs conversations in Node with the globals of happy-dom, as vitest sets them, and writes their results as one line of
 * JSON. The arguments are the server's address and the transports.
 */
import { builtinEnvironments } from 'vitest/runtime';
import { converseByAll } from './conversation.mjs';

const [url, transports] = process.argv.slice(2);
await builtinEnvironments['happy-dom'].setup(globalThis, { happyDOM: { url } });
// The file for browsers, which bundlers and test environments for browsers choose.
const { createWireClient } = await import('../../packages/client/dist/index.js');
console.log(JSON.stringify(await converseByAll(createWireClient, url, transports.split(','))));
process.exit();
