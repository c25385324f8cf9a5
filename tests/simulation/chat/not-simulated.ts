import type { Request } from '@everywire/chat';

/** What nobody in the simulator asks or commands, and why. Everything else is simulated. */
export const notSimulated: Readonly<Partial<Record<Request['command'], string>>> = {
  people: 'answered from the accounts, which have no log: packages/testkit/src/accounts-contract.ts',
  findPeople: 'answered from the accounts, which have no log: packages/testkit/src/accounts-contract.ts',
  typing: 'kept nowhere, told once: tests/chat-server/attention.test.ts',
  watchPresence: 'kept nowhere, of sessions alone: tests/chat-server/attention.test.ts',
  present: 'kept nowhere, of sessions alone: tests/chat-server/attention.test.ts',
};
