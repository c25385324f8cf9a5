// Apart from the suites, which load vitest: programs outside of it need the proxy too.
export { createFaultProxy, type FaultProxy } from './fault-proxy/fault-proxy.js';
export { createRandom, type SeededRandom } from './seeded-random.js';
