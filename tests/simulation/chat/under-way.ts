import type { Command, Query } from '@everywire/chat';
import type { Device } from './device.js';
import type { NodePeople } from './node-people.js';
import type { Done } from './server-node.js';

/** Anything in flight between a device and a server node. */
interface Going {
  readonly device: Device;
  /** The connection of the device that it belongs to. If the device has a newer connection, it is lost. */
  readonly connection: number;
}

/** A request on its way from a device to a server node. */
export interface Up extends Going {
  /** Identifies the request in its answer. */
  readonly token: number;
  readonly request: Command | Query;
}

/** A command that has begun, and waits to commit. */
export interface Running {
  readonly up: Up;
  /** Index of the server node that runs it. */
  readonly node: number;
  /** Identifies the process that runs it, because a restarted node has a new object. */
  readonly people: NodePeople;
  /** When it began, in simulated milliseconds. */
  readonly now: number;
  readonly done: Promise<Done>;
  /** Lets the store commit it. */
  readonly commit: () => void;
}

/** An answer or event on its way to a device. `give` delivers it. */
export interface Down extends Going {
  readonly give: (device: Device) => void;
}
