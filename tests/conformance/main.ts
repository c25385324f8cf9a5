import { checks, parseTarget, runChecks } from '../../packages/conformance/src/index.js';
import { listen, shortTimes } from './listen.js';

/** Starts our server, runs the whole suite against it, prints the results as JSON. */
const token = 'a token for the tests';
const { url } = await listen({ times: shortTimes, heartbeatMs: 2_000, token });
console.log(JSON.stringify(await runChecks(parseTarget(url, token), checks)));
process.exit(0);
