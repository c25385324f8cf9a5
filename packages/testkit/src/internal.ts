// Separate from the suites, which load vitest, because programs outside vitest need the proxy too.
export { createFaultProxy, type FaultProxy } from './fault-proxy/fault-proxy.js';
export { createRandom, type SeededRandom } from './seeded-random.js';
