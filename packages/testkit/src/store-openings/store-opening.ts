import type { Accounts, FileRecords, Store } from '@everywire/chat';
import type { CommitGate } from './commit-gate.js';

/** One opening of data that others have open at the same time, as each node has it. */
export interface StoreOpening {
  readonly store: Store & FileRecords;
  readonly accounts: Accounts;
  /** Holds what this opening changes just before it commits: what it decides, it has decided on rows that it holds. */
  readonly gate: CommitGate;
  /** Resolves once every change under way here is over, is held, or waits for one that is. */
  readonly rest: () => Promise<void>;
}

const writes: ReadonlySet<string | symbol> = new Set<keyof StoreOpening['store'] | keyof Accounts>([
  ...(['change', 'changeMember', 'forgetUser'] as const),
  ...(['addFile', 'finishFile', 'attachableFiles', 'forgetFiles'] as const),
  ...(['createUser', 'changeUser', 'setPasswordHash', 'renewPasswordHash', 'createUserOf', 'setSetting'] as const),
  ...(['createCredential', 'useCredential', 'noteTransport', 'revokeCredentials'] as const),
  ...(['createLink', 'revokeLink', 'joinByLink', 'redeemLink'] as const),
  ...(['beginSecondFactor', 'confirmSecondFactor', 'removeSecondFactor'] as const),
  ...(['useSecondFactorStep', 'useRecoveryCode'] as const),
  ...(['suspendUser', 'reactivateUser', 'deleteUser', 'settleErasure', 'noteSeen'] as const),
]);

/**
 * An adapter whose one writer decides and commits in one step has nothing between the two that could be held: its changes wait before it. That is
 * all that another process can see of it.
 */
export function holdBefore<Part extends object>(part: Part, gate: CommitGate): Part {
  return new Proxy(part, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name, target);
      if (typeof value !== 'function') return value;
      const call = (...parameters: unknown[]): unknown => Reflect.apply(value, target, parameters);
      if (!writes.has(name)) return call;
      return async (...parameters: unknown[]): Promise<unknown> => {
        await new Promise<void>((resolve) => gate.pass(resolve));
        return call(...parameters);
      };
    },
  });
}

/** All that a process has to do by itself is done. */
export function turnOfTheLoop(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
