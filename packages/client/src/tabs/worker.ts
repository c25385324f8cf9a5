import { lead } from './hub.js';
import type { GroupMessage } from './words.js';

/**
 * Leads the tabs of a group from a worker. The script of a `SharedWorker` only needs to call `leadTabs(self.name)`, if
 * `TabOptions.worker` named it after the group.
 */
export function leadTabs(group: string): void {
  let last = 0;
  const common = new BroadcastChannel(group);
  // Tabs ignore a hub with a lower number than the last one, which occurs if the clock was set back.
  common.onmessage = ({ data }: MessageEvent<number>) => {
    if (Number.isSafeInteger(data) && data > last) last = data;
  };
  common.postMessage('ask' satisfies GroupMessage);
  lead(group, false, () => last).catch(() => undefined);
}
