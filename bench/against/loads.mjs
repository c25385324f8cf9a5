import { freePort } from '../free-port.mjs';
import { runCell, startServer } from '../generator.mjs';
import { workloads } from '../workloads.mjs';
import { runChatCell, startChatServerOnce } from './chat-cell.mjs';

const idle = [
  { key: 'bytes_per_connection', unit: 'bytes a connection' },
  { key: 'handshake_us', unit: 'us of CPU a handshake' },
];

/** What is compared of a load of `npm run bench`: processor time unless the load says otherwise. */
function figuresOf(name, { figure }) {
  if (name === 'w3idle') return idle;
  return figure === 'p99_us' ? [{ key: figure, unit: 'us, p99' }] : [{ key: 'cpu_us', unit: 'us of CPU a delivery' }];
}

/** The server of our transport, as every load of `npm run bench` has it. */
const transport = {
  scripts: ['bench/servers/everywire.mjs'],
  startOnce: async (tree, nodeOptions) => {
    const server = await startServer('everywire', await freePort(), { tree, nodeOptions });
    const ended = new Promise((resolve) => server.once('exit', resolve));
    server.kill('SIGKILL');
    await ended;
  },
};

const chat = {
  scripts: ['bench/chat/server.mjs', 'bench/chat/make-store.mjs'],
  startOnce: startChatServerOnce,
};

/** A load of `npm run bench`, over each transport of ours that it names: `w6fan`, `w6fan:stream`. */
function transportLoads([name, workload]) {
  const peers = (workload.peers ?? ['everywire']).filter((peer) => peer.split(':')[0] === 'everywire');
  return peers.map((peer) => [
    name + peer.slice('everywire'.length),
    {
      text: workload.text,
      figures: figuresOf(name, workload),
      server: transport,
      run: async (tree, timing) => runCell(peer, workload, await freePort(), { ...timing, tree }),
    },
  ]);
}

/**
 * The loads by which a change is judged. `figures` are judged each by itself; less is better in all of them. `server`
 * names the scripts that each side runs from its own checkout, and starts the server once. `run(tree, { warmS, measureS
 * })` measures one side.
 */
export const pairedLoads = {
  ...Object.fromEntries(Object.entries(workloads).flatMap(transportLoads)),
  'chat-send': {
    text: '1,000 people send to any of 20,000 conversations of two, at 1,000 a second and as fast as it goes',
    figures: [
      { key: 'cpu_us', unit: 'us of CPU a send at 1,000 a second' },
      { key: 'send_us', unit: 'us a send as fast as it goes' },
    ],
    server: chat,
    run: runChatCell,
  },
};

/**
 * One load for each thing that the transport spends time or memory on: fan-out, bursts, relay, streaming, polling,
 * connections.
 */
export const defaultLoads = ['w1r50', 'w5b20', 'w2r20k', 'w4s20', 'w4p20', 'w3idle'];
