import { type Damage, describeDamage } from '@everywire/store-sqlite';
import { RECOVERY_PAGE } from './check.js';

/** Returns one line for the operator, with a stable code first and the remedy last. */
export function damageLine(damage: Damage): string {
  return `store_damaged: ${describeDamage(damage)}. For the full list, run everywire check. To recover: ${RECOVERY_PAGE}`;
}
