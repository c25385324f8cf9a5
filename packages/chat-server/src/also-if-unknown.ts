import { StoreError } from '@everywire/chat';

/**
 * Makes a change that takes access away, and then runs `after`: also when the store does not know whether the change was
 * made, because access that is ended without need can be had again, but access that stays is a hole.
 *
 * @throws what the change throws
 */
export async function alsoIfUnknown<Changed>(
  change: Promise<Changed>,
  after: (changed: Changed | 'unknown') => void,
): Promise<Changed> {
  let changed: Changed;
  try {
    changed = await change;
  } catch (error) {
    if (error instanceof StoreError && error.code === 'unknown') after('unknown');
    throw error;
  }
  after(changed);
  return changed;
}
