import { ensureDebianParts } from '../../../scripts/ensure-debian-parts.mjs';
import { syncsASend } from '../count-syncs.mjs';
import { startSender } from '../processes.mjs';
import { figuresOfLoads, line, range, round, withPeople } from '../with-server.mjs';
import { makePlace } from './peer-process.mjs';

const people = 1_000;
const partnersEachWay = 50;
const commonRate = 2_500;
const password = 'correct horse';

/** The fifty users after and the fifty before in the ring, as in `../directs.mjs`, but all of them are online. */
function partnersOf(user) {
  const own = [];
  for (let step = 1; step <= partnersEachWay; step += 1)
    own.push(((user - 1 + step) % people) + 1, ((user - 1 - step + people) % people) + 1);
  return own;
}

/**
 * Runs the sends of `../directs.mjs` through an XMPP server with a message archive: at maximum speed, then at 2,500 a
 * second or half of the maximum, whichever is less. Then kills the process, and checks that both copies of each
 * acknowledged message remain.
 * @returns null if the server is not installed and cannot be installed
 */
export const runPeer =
  (peer) =>
  async ({ measureMs, say }) => {
    try {
      ensureDebianParts(say, peer.parts);
    } catch (error) {
      say(`left out: ${error.message}`);
      return null;
    }
    const place = makePlace('peer');
    try {
      return await measure(peer, place, { measureMs, say });
    } finally {
      place.remove();
    }
  };

async function measure(peer, place, { measureMs, say }) {
  const users = range(people);
  const partners = Object.fromEntries(users.map((user) => [user, partnersOf(user)]));
  const common = { warmMs: 3_000, measureMs, partners };
  const server = await peer.start(place, { users, password });
  const connecting = { host: 'localhost', password, users };
  const sender = startSender('peers/xmpp-sender.mjs');
  const { full, half, traced, rate, syncs } = await withPeople(server, sender, connecting, async ({ load }) => {
    const full = await load({ ...common, under: 256 });
    say(line('as fast as it goes', full));
    const rate = Math.min(commonRate, Math.max(1, Math.floor(full.perSecond / 2)));
    const half = await load({ ...common, rate });
    say(line(`${rate}/s`, half));
    const { traced, syncs } = await syncsASend(server.pid, load, common);
    return { full, half, traced, rate, syncs };
  });
  const acked = full.acked + half.acked + traced.acked;
  const missing = Math.max(0, 2 * acked - (await peer.countCopies(place)));
  say(`${syncs} syncs of the disk a send; killed: ${missing} of ${2 * acked} copies of acknowledged messages lost`);
  return {
    syncsASend: syncs,
    ...figuresOfLoads(full, half),
    halfRate: rate,
    lostCopies: missing,
    rssMb: round(half.rssMb, 0),
  };
}
