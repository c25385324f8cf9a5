import type { Request } from '@everywire/chat';
import { requestSchemas } from '@everywire/chat-server/internal';

/** Commands and queries that the simulator does not use, and why. All others are simulated. */
const notSimulated: Readonly<Partial<Record<Request['command'], string>>> = {
  people: 'answered from the accounts, which have no log: packages/testkit/src/accounts-contract.ts',
  findPeople: 'answered from the accounts, which have no log: packages/testkit/src/accounts-contract.ts',
  typing: 'not stored, sent once: tests/chat-server/attention.test.ts',
  watchPresence: 'not stored, concerns sessions only: tests/chat-server/attention.test.ts',
  present: 'kept nowhere, of sessions alone: tests/chat-server/attention.test.ts',
};

/**
 * Returns a line for each error in the list above: a command or query that was not answered in any seed (`met`) and is
 * not listed, or that was answered although it is listed.
 */
export function notMet(met: ReadonlySet<string>): readonly string[] {
  const isListed = (name: string): boolean => name in notSimulated;
  return Object.keys(requestSchemas)
    .filter((name) => met.has(name) === isListed(name))
    .map((name) =>
      isListed(name) ? `listed as not simulated, and yet answered: ${name}` : `answered in no seed: ${name}`,
    );
}
