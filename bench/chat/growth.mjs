import { copyStore, removeStore } from './make-store.mjs';
import { range, round, withServer } from './with-server.mjs';

const sizes = [1_000, 10_000, 100_000];
const stranger = 1_000_000;

/**
 * Person 1, 2, 3 is a member of 1,000, 10,000, 100,000 conversations; channels 1, 2, 3 have so many members, all of
 * them absent but person 4; conversation 4 has 100,000 messages.
 */
function fill(seed) {
  seed.people(4);
  for (const [at, size] of sizes.entries())
    seed.conversation({
      id: at + 1,
      kind: 'channel',
      users: [4, ...range(size - 1).map((each) => each + 10)],
      messages: 1,
    });
  seed.conversation({ id: 4, users: [4, 5], messages: sizes.at(-1) + 100 });
  let id = 4;
  for (const [at, size] of sizes.entries()) {
    for (let each = 0; each < size; each += 1) {
      id += 1;
      seed.conversation({ id, users: [at + 1, stranger + each], messages: 2 });
    }
  }
  seed.done();
}

/**
 * Each cost at three sizes, through a session, one request after the other; and how many times the first the last is.
 */
export async function runGrowth({ say }) {
  const file = await copyStore('growth', fill);
  const figures = await withServer(file, { users: range(4) }, async ({ sender }) => {
    const cost = async (name, requestOf) => {
      const medians = [];
      // The sizes alternate, so that a disturbance of the machine affects all of them.
      const rounds = sizes.map(() => []);
      for (let round = 0; round < 5; round += 1)
        for (const [at, size] of sizes.entries())
          rounds[at].push(await sender.run('ask', { ...requestOf(size, at), times: 200 }));
      for (const each of rounds) medians.push(each.map(({ p50Ms }) => p50Ms).toSorted((a, b) => a - b)[2]);
      say(`${name}: ${sizes.map((size, at) => `${size}: ${medians[at].toFixed(2)} ms`).join(', ')}`);
      return { [`${name}Ms`]: medians.map((is) => round(is, 2)), [`${name}Ratio`]: round(medians[2] / medians[0], 2) };
    };
    return {
      ...(await cost('send', (_, at) => ({
        user: 4,
        request: { command: 'send', conversation: at + 1, text: 'here' },
      }))),
      ...(await cost('open', (_, at) => ({ user: at + 1, request: { command: 'list', cursor: null } }))),
      ...(await cost('page', (size) => ({
        user: 4,
        request: {
          command: 'page',
          conversation: 4,
          anchor: { at: 'before', sequence: sizes.at(-1) + 100 - size },
          limit: 50,
          check: null,
        },
      }))),
    };
  });
  removeStore(file);
  return figures;
}
