import type { Command, Notice, Query } from '@everywire/chat';
import type { Device } from './device.js';

/** What is under way between the devices and the store. */
interface Going {
  readonly device: Device;
  readonly connection: number;
}

export interface Up extends Going {
  readonly token: number;
  readonly request: Command | Query;
}

/** A command that was begun and has not committed. */
export interface Running {
  readonly commit: () => void;
  readonly finish: () => Promise<void>;
}

export interface Down extends Going {
  readonly give: (device: Device) => void;
}

export interface Bus {
  readonly node: number;
  readonly notice: Notice;
}
