import type { MembersNotice } from '@everywire/chat';
import { MemoryStore } from '@everywire/store-memory';
import { StoreDriver, type Unkeyed } from '@everywire/testkit';
import { Device } from './device.js';
import { NodePeople } from './node-people.js';
import { deviceLimits, worldLimits } from './world-limits.js';

const [ann, bob, eve, kim] = [1, 2, 6, 7];

/**
 * Scenarios of hints, that is, of live events, which may be lost. Each runs step by step and returns the violated rules,
 * such as CH-17, or an empty list.
 */
export const hintScenarios: Readonly<Record<string, () => Promise<readonly string[]>>> = {
  'a large conversation whose members change': membersChange,
};

/**
 * CH-17.4: a node holds the members of a large conversation. An event that changes them updates this member view without
 * a read of the store, whichever node committed the change.
 */
async function membersChange(): Promise<readonly string[]> {
  const store = new MemoryStore({ epoch: '1', limits: worldLimits });
  const driver = new StoreDriver(store, worldLimits);
  const conversation = await driver.group(ann, [bob, 3, 4, 5]);
  /** Number of times that the node has read the members from the store. */
  let reads = 0;
  const links = { publish: () => undefined, sendToNodes: () => undefined, onFault: () => undefined };
  const counted = new Proxy(store, {
    get: (target, name) => {
      if (name === 'periods') reads += 1;
      const value: unknown = Reflect.get(target, name);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
  const people = new NodePeople({ store: () => counted, limits: worldLimits, usersMax: 1, links });
  await people.connect(new Device(bob, 'bob', deviceLimits));
  const receive = async (command: Unkeyed): Promise<void> => {
    people.hints.receive({ about: 'commit', notice: await committed(driver, command) });
    await new Promise((resolve) => setImmediate(resolve));
  };
  await receive({ command: 'send', conversation, text: 'text' });
  const before = reads;
  await receive({ command: 'add', conversation, users: [eve] });
  people.hints.announce([await committed(driver, { command: 'add', conversation, users: [kim] })], ann);
  await receive({ command: 'send', conversation, text: 'text' });
  return reads === before ? [] : [`CH-17: the node read the members ${reads - before} more times`];
}

/** Runs a command of Ann in a large conversation. @throws Error if it publishes nothing to members */
async function committed(driver: StoreDriver, command: Unkeyed): Promise<MembersNotice> {
  const outcome = await driver.run(ann, { ...command, id: driver.mintId() });
  const notice = outcome.outcome === 'committed' ? outcome.notices.find(({ to }) => to === 'members') : undefined;
  if (notice?.to !== 'members') throw new Error(`${command.command} publishes nothing to members`);
  return notice;
}
