/** Milliseconds for one conversation, far more than needed. */
const DEADLINE_MS = 30_000;
/** Failed attempts after which a conversation is given up: its transport does not work here. */
const ATTEMPTS_MAX = 3;

/**
 * Runs one conversation with the server of `environments.test.ts`. Never rejects.
 *
 * @returns how often each handler and listener was called, what was received, and why the conversation failed
 */
async function converse(createWireClient, url, transport) {
  const client = createWireClient(url, { transports: [transport] });
  const calls = {};
  const received = [];
  const count = (name) => {
    calls[name] = (calls[name] ?? 0) + 1;
  };
  for (const type of ['open', 'message', 'error', 'close']) {
    client[`on${type}`] = () => count(`on${type}`);
    client.addEventListener(type, () => count(type));
  }
  client.addEventListener('message', ({ data }) => received.push(data));
  const closed = new Promise((resolve) => client.addEventListener('close', resolve));
  let deadline;
  const failed = new Promise((_, reject) => {
    const fail = () => reject(new Error(JSON.stringify(client.status)));
    deadline = setTimeout(fail, DEADLINE_MS);
    client.addEventListener('statuschange', () => {
      if (client.status.attempts?.length >= ATTEMPTS_MAX) fail();
    });
  });
  const talk = async () => {
    await client.send('hello', { until: 'peer' });
    received.push(await client.request('question'));
    client.close();
    await closed;
  };
  let failure;
  await Promise.race([talk(), failed]).catch((error) => {
    failure = error.message;
    client.terminate();
  });
  clearTimeout(deadline);
  return { calls, received, failure };
}

/** Returns the result of a conversation by each of the transports. */
export async function converseByAll(createWireClient, url, transports) {
  const results = {};
  for (const transport of transports) results[transport] = await converse(createWireClient, url, transport);
  return results;
}
