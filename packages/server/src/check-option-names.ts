import { knownOptions } from '@everywire/protocol/internal';
import type { FlashPolicy } from './flash-socket/wording.js';
import type { NodeIdentity } from './sessions/locator.js';
import type { WireServerOptions } from './wire-server.js';

const NODE_OPTIONS = { name: true, secret: true } as const satisfies Record<keyof NodeIdentity, true>;
const FLASH_OPTIONS = { domains: true, ports: true } as const satisfies Record<keyof FlashPolicy, true>;
const OPTIONS = {
  path: true,
  origins: true,
  hosts: true,
  limits: true,
  trustedProxies: true,
  node: true,
  broker: true,
  onBrokerGap: true,
  authenticate: true,
  onSession: true,
  onFreeze: true,
  onRestore: true,
  idempotent: true,
  policy: true,
  onRawLink: true,
  onRawMessage: true,
  hasHistory: true,
  directSockets: true,
  deflate: true,
  flashPolicy: true,
  jsonp: true,
  now: true,
  onNotice: true,
} as const satisfies Record<keyof WireServerOptions, true>;

/** Checks the names of the options of `createWireServer`, except its limits. @throws TypeError for an unknown one */
export function checkOptionNames(options: WireServerOptions): void {
  knownOptions('', options, OPTIONS);
  if (options.node !== undefined) knownOptions('node.', options.node, NODE_OPTIONS);
  if (options.flashPolicy !== undefined) knownOptions('flashPolicy.', options.flashPolicy, FLASH_OPTIONS);
}
