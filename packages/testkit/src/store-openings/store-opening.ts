import type { Accounts, FileRecords, Store } from '@everywire/chat';
import type { CommitGate } from './commit-gate.js';

/** One opening of data that has other concurrent openings, like that of a node. */
export interface StoreOpening {
  readonly store: Store & FileRecords;
  readonly accounts: Accounts;
  /** Holds changes of this opening just before they commit, after they decided on locked rows. */
  readonly gate: CommitGate;
  /** Resolves once every change in flight has ended, is held, or waits for a held one. */
  readonly rest: () => Promise<void>;
}

const writes: ReadonlySet<string | symbol> = new Set<keyof StoreOpening['store'] | keyof Accounts>([
  ...(['change', 'changeMember', 'forgetUser'] as const),
  ...(['addFile', 'finishFile', 'attachableFiles', 'forgetFiles'] as const),
  ...(['createUser', 'changeUser', 'setPasswordHash', 'renewPasswordHash', 'createUserOf'] as const),
  ...(['setSetting', 'initSetting'] as const),
  ...(['createCredential', 'useCredential', 'noteTransport', 'revokeCredentials'] as const),
  ...(['createLink', 'revokeLink', 'joinByLink', 'redeemLink'] as const),
  ...(['beginSecondFactor', 'confirmSecondFactor', 'removeSecondFactor'] as const),
  ...(['useSecondFactorStep', 'useRecoveryCode'] as const),
  ...(['suspendUser', 'reactivateUser', 'deleteUser', 'settleErasure', 'noteSeen'] as const),
]);

/**
 * Wraps an adapter whose single writer decides and commits in one step, so that its changes are held before the call. Other processes cannot see a
 * difference.
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

/** Resolves when the process has no immediate work left. */
export function turnOfTheLoop(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
