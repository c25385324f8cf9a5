import { describeBrokerContract } from '@everywire/testkit';
import { createMemoryBroker, createMemoryExchange, type MemoryExchange } from './memory-broker.js';

const exchanges = new Map<string, MemoryExchange>();

describeBrokerContract('memory', (installation) => {
  const exchange = exchanges.get(installation) ?? createMemoryExchange();
  exchanges.set(installation, exchange);
  return createMemoryBroker(exchange);
});
