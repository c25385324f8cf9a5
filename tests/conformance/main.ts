import { checks, parseTarget, runChecks } from '../../packages/conformance/src/index.js';
import { listen, shortTimes } from './listen.js';

/**
 * Starts our server, runs the conformance suite against it, and prints the results as JSON. `main.ts MS` skips checks that
 * wait longer than MS milliseconds.
 */
const token = 'a token for the tests';
const { url, tcp } = await listen({ times: shortTimes, heartbeatMs: 2_000, token });
const waitMsMax = Number(process.argv[2] ?? Number.POSITIVE_INFINITY);
console.log(JSON.stringify(await runChecks(parseTarget(url, token, tcp), checks, { waitMsMax })));
process.exit(0);
