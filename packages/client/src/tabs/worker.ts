import { lead } from './hub.js';

/**
 * Leads the tabs of a group from a worker: `leadTabs(self.name)` is all that the script of a `SharedWorker` has to say, where
 * `TabOptions.worker` named it after the group.
 */
export function leadTabs(group: string): void {
  lead(group).catch(() => undefined);
}
