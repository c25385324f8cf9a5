import 'fake-indexeddb/auto';
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server } from 'node:net';
import { chatLimits } from '@everywire/chat';
import { type ChatClient, createChatClient } from '@everywire/chat-client';
import { StoreDriver } from '@everywire/testkit';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type TestPerson, TestPlace } from './test-place.js';

/** The most bytes of a first load on the wire, in both directions, with all overhead. */
const bytesMax = 100_000;
/** Longer than most messages. */
const longText = '在东滩看到了一只黑脸琵鹭，潮水退得很慢，明早六点再来。'.repeat(4);

let place: TestPlace;
let ann: TestPerson;
let people: readonly TestPerson[];
let meter: Meter;
const clients: ChatClient[] = [];

beforeEach(async () => {
  place = await TestPlace.start();
  ann = await place.register('ann');
  people = await Promise.all(Array.from({ length: 10 }, (_, index) => place.register(`person-${index}`)));
  meter = await Meter.before(Number(new URL(place.url).port));
});

afterEach(async () => {
  await Promise.all(clients.splice(0).map((client) => client.close()));
  meter.close();
  await place.stop();
});

/** A proxy between a device and the server that counts the bytes, and can hold new connections. */
class Meter {
  bytes = 0;
  url = '';
  readonly #server: Server;
  #open: Promise<void> = Promise.resolve();

  private constructor(port: number) {
    this.#server = createServer(async (near) => {
      await this.#open;
      const far = connect(port, '127.0.0.1');
      this.#pass(near, far);
      this.#pass(far, near);
    });
  }

  static async before(port: number): Promise<Meter> {
    const meter = new Meter(port);
    meter.#server.listen(0, '127.0.0.1');
    await once(meter.#server, 'listening');
    meter.url = `http://127.0.0.1:${(meter.#server.address() as AddressInfo).port}`;
    return meter;
  }

  /** Holds new connections until the returned function is called. */
  hold(): () => void {
    let letPass = (): void => undefined;
    this.#open = new Promise((resolve) => {
      letPass = resolve;
    });
    return letPass;
  }

  close(): void {
    this.#server.close();
  }

  #pass(from: ReturnType<typeof connect>, to: ReturnType<typeof connect>): void {
    from.on('data', (chunk: Buffer) => {
      this.bytes += chunk.length;
    });
    from.on('error', () => to.destroy());
    from.pipe(to);
  }
}

/** Opens Ann's device, which stores what it receives for the next device. */
function device(): ChatClient {
  const me = { id: ann.id, name: ann.name, displayName: ann.name };
  const client = createChatClient({ url: meter.url, me, token: ann.token });
  clients.push(client);
  return client;
}

/** Resolves once the client shows conversations, each with the name of its last sender. */
function shown(client: ChatClient): Promise<void> {
  return new Promise((resolve) => {
    const end = client.subscribe(check);
    function check(): void {
      const { conversations } = client.getSnapshot();
      const named = conversations.every(({ preview, title }) => preview?.sender?.displayName !== '' && title !== '');
      if (conversations.length === 0 || !named) return;
      end();
      resolve();
    }
  });
}

/** Deletes what Ann's device has stored. */
async function forgetDevice(): Promise<void> {
  const request = indexedDB.deleteDatabase(`everywire ${meter.url} ${ann.id}`);
  await new Promise((resolve) => request.addEventListener('success', resolve));
}

test('[pain 11] a first load is at most 100 kB on the wire, and no more with 1,000 conversations than with 40', async () => {
  const driver = new StoreDriver(place.store, chatLimits);
  // Concurrently, so that the store commits them in groups.
  const createGroups = async (from: number, to: number): Promise<void> => {
    await Promise.all(Array.from({ length: to - from }, (_, offset) => createGroup(from + offset)));
  };
  const createGroup = async (index: number): Promise<void> => {
    const writer = people[index % people.length]?.id ?? 0;
    await driver.send(writer, await driver.group(writer, [ann.id], `Group number ${index}`), longText);
  };
  const measure = async (): Promise<number> => {
    const before = meter.bytes;
    const client = device();
    await shown(client);
    await client.close();
    await forgetDevice();
    return meter.bytes - before;
  };
  await createGroups(0, 40);
  const few = await measure();
  await createGroups(40, 1_000);
  const many = await measure();
  expect(many).toBeLessThan(bytesMax);
  expect(many / few).toBeLessThan(1.1);
});

test('[pain 11] stored conversations are shown, with names, before anything arrives from the server', async () => {
  const driver = new StoreDriver(place.store, chatLimits);
  const writer = people[0]?.id ?? 0;
  await driver.send(writer, await driver.direct(writer, ann.id), longText);
  const first = device();
  await shown(first);
  await first.close();
  const letPass = meter.hold();
  const second = device();
  await shown(second);
  expect(second.getSnapshot().conversations).toMatchObject([
    { title: 'person-0', peer: { displayName: 'person-0' }, preview: { text: longText } },
  ]);
  expect(second.getSnapshot().connection.state).toBe('connecting');
  letPass();
});
