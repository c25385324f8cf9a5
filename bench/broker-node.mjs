/** One node of `brokers.mjs`: publishes at a pace, and counts the publications it receives for its own topics. */
import { createNatsBroker } from '@everywire/broker-nats';
import { createPostgresBroker } from '@everywire/broker-postgres';

const { kind, url, node, nodes, perSecond, seconds } = JSON.parse(process.argv[2]);
const tickMs = 10;
const people = 1_000;
const data = JSON.stringify({ event: 'commit', row: { text: 'x'.repeat(250) } });

const key = 'the key of all nodes in this measurement';
const broker = await (kind === 'nats' ? createNatsBroker({ servers: url, key }) : createPostgresBroker({ url, key }));
let received = 0;
let gaps = 0;
broker.onPublication = ({ topics }) => {
  received += topics.length;
};
broker.onGap = () => {
  gaps += 1;
};
for (let person = node; person < people; person += nodes) await broker.subscribe(`user:${person}`);
process.send('ready');

process.on('message', async () => {
  const before = process.cpuUsage();
  const from = performance.now();
  let published = 0;
  await new Promise((resolve) => {
    const timer = setInterval(() => {
      const passed = Math.min(performance.now() - from, seconds * 1_000);
      for (const due = (passed * perSecond) / 1_000; published < due; published += 1) {
        // Two people, as in a conversation of two.
        const topics = [`user:${published % people}`, `user:${(published * 7 + 1) % people}`];
        broker.publish({ topics, data, class: 'hint' }).catch(() => undefined);
      }
      if (passed < seconds * 1_000) return;
      clearInterval(timer);
      setTimeout(resolve, 500);
    }, tickMs);
  });
  const { user, system } = process.cpuUsage(before);
  process.send({ published, received, gaps, cpuUs: user + system });
  await broker.close();
  process.disconnect();
});
