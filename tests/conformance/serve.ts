import { parseArgs } from 'node:util';
import { listen } from './listen.js';

/** `npm run conformance:server -- [--port N] [--token T]`: our server as the suite wants it, with the times of the specification. */
const { values } = parseArgs({ options: { port: { type: 'string', default: '0' }, token: { type: 'string' } } });
const { url } = await listen({ port: Number(values.port), token: values.token });
console.log(url);
