/**
 * Conversations of two in a ring: each of `people` talks to the `partners` after them, so that there are people x
 * partners conversations, numbered from 1, with equally many of the `messages`.
 */
export function directConversations({ people, partners, messages }) {
  const count = people * partners;

  /** Fills a seeded store with them (`make-store.mjs`). */
  function fill(seed) {
    seed.people(people);
    let id = 0;
    for (let user = 1; user <= people; user += 1) {
      for (let step = 1; step <= partners; step += 1) {
        id += 1;
        const users = [user, ((user - 1 + step) % people) + 1].toSorted((a, b) => a - b);
        seed.conversation({ id, users, messages: messages / count, keys: 10 });
      }
    }
    seed.done();
  }

  /** Returns the ids of a person's conversations. */
  function conversationsOf(user) {
    const own = [];
    for (let step = 1; step <= partners; step += 1) {
      own.push((user - 1) * partners + step);
      own.push(((user - 1 - step + people) % people) * partners + step);
    }
    return own;
  }

  return { fill, conversationsOf };
}
