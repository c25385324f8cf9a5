import type { WireServer } from './wire-server.js';

/**
 * Everything that a server keeps for its clients and that counts against a limit, by name. Each number is 0 at the start
 * of the server, and again when all clients have left.
 */
export type Budgets = Readonly<
  Record<
    | 'sessions'
    | 'unconfirmed'
    | 'authentications'
    | 'links'
    | 'rawLinks'
    | 'rawTickets'
    | 'tickets'
    | 'bodyBytes'
    | 'connections',
    number
  >
>;

const budgets: WeakMap<WireServer, () => Budgets> = new WeakMap();

/** Assigns the function that counts the budgets of a server. */
export function setBudgets(wire: WireServer, count: () => Budgets): void {
  budgets.set(wire, count);
}

/** Returns the budgets of a server, for tests. @throws TypeError for a server that `createWireServer` did not create */
export function budgetsOf(wire: WireServer): Budgets {
  const count = budgets.get(wire);
  if (count === undefined) throw new TypeError('wire: must be a server returned by createWireServer');
  return count();
}
