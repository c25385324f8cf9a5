import { OPCODE } from '@everywire/protocol/internal';
import { afterEach, expect, test } from 'vitest';
import { endFramePeers, FramePeer, handshake } from './frame-peer.js';
import { eventually } from './hand-client.js';
import { listenTcp, type TcpListening } from './hand-tcp.js';

const servers: TcpListening[] = [];
afterEach(async () => {
  endFramePeers();
  for (const server of servers.splice(0)) await server.end();
});

/** Opens a connection by hand, over a WebSocket or raw TCP. */
async function connect(way: string): Promise<FramePeer> {
  const server = await listenTcp({ onSession: () => undefined });
  servers.push(server);
  const opening = handshake('websocket', 'Sec-WebSocket-Protocol: everywire.2');
  return (
    way === 'tcp' ? new FramePeer(server.tcpPort, 'everywire.2\n') : new FramePeer(server.port, opening)
  ).opened();
}

/** Returns a probe, which is echoed, with a field that no version defines. */
const probe = (unknown: string): string => `\0{"t":"probe","pad":"[[[[[{{{{{,","x":${unknown}}`;
/** JSON that nests 20 levels deep. */
const nested = `${'['.repeat(20)}${']'.repeat(20)}`;

test.each(['websocket', 'tcp'])(
  '[EN-11] a record over %s that nests deeper, or has more values, than allowed is malformed',
  async (way) => {
    for (const record of [probe(nested), probe(`[${'1,'.repeat(100)}1]`), `\0["q",1,${nested}]`]) {
      const peer = await connect(way);
      peer.write(peer.frame(OPCODE.text, record));
      expect(await peer.closeCode()).toBe(1002);
      expect(peer.frames).toHaveLength(1);
    }
  },
);

test.each(['websocket', 'tcp'])(
  '[EN-11] a record over %s with an unknown field, and brackets and commas in a text, is accepted',
  async (way) => {
    const peer = await connect(way);
    peer.write(peer.frame(OPCODE.text, probe('[[1,2]]')));
    const echoed = await eventually(() => peer.frames[0]?.payload.toString(), 5_000);
    expect(echoed).toContain('"t":"probe"');
  },
);
