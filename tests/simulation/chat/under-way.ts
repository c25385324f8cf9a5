import type { Command, Query } from '@everywire/chat';
import type { Device } from './device.js';
import type { NodePeople } from './node-people.js';
import type { Done } from './server-node.js';

/** Items in flight between the devices and the store. */
interface Going {
  readonly device: Device;
  readonly connection: number;
}

export interface Up extends Going {
  readonly token: number;
  readonly request: Command | Query;
}

/** A command that has begun, and waits to commit. */
export interface Running {
  readonly up: Up;
  readonly node: number;
  /** Identifies the process that runs it: replaced when the node restarts. */
  readonly people: NodePeople;
  /** When it began. */
  readonly now: number;
  readonly done: Promise<Done>;
  readonly commit: () => void;
}

export interface Down extends Going {
  readonly give: (device: Device) => void;
}
