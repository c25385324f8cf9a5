import { parseArgs } from 'node:util';
import { listen } from './listen.js';

/**
 * `npm run conformance:server -- [--port N] [--tcp-port N] [--token T]`: starts our server with the application of the
 * suite and the times of the specification.
 */
const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '0' },
    'tcp-port': { type: 'string', default: '0' },
    token: { type: 'string' },
  },
});
const { port, token } = values;
const { url, tcp } = await listen({ port: Number(port), tcpPort: Number(values['tcp-port']), token });
console.log(`${url}\n${tcp}`);
