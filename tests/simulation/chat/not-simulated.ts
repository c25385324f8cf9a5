import type { Request } from '@everywire/chat';
import { requestSchemas } from '@everywire/chat-server/internal';

/** What nobody in the simulator asks or commands, and why. Everything else is simulated. */
const notSimulated: Readonly<Partial<Record<Request['command'], string>>> = {
  people: 'answered from the accounts, which have no log: packages/testkit/src/accounts-contract.ts',
  findPeople: 'answered from the accounts, which have no log: packages/testkit/src/accounts-contract.ts',
  typing: 'kept nowhere, told once: tests/chat-server/attention.test.ts',
  watchPresence: 'kept nowhere, of sessions alone: tests/chat-server/attention.test.ts',
  present: 'kept nowhere, of sessions alone: tests/chat-server/attention.test.ts',
};

/** What of the protocol is neither among `met` nor listed above; and what is both. */
export function notMet(met: ReadonlySet<string>): readonly string[] {
  const isListed = (name: string): boolean => name in notSimulated;
  return Object.keys(requestSchemas)
    .filter((name) => met.has(name) === isListed(name))
    .map((name) =>
      isListed(name) ? `listed as not simulated, and yet answered: ${name}` : `answered in no seed: ${name}`,
    );
}
