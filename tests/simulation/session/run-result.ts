import type { FaultName } from './census.js';
import { faultsEnd, type Profile } from './profile.js';
import type { Simulation } from './simulate.js';

export interface RunOptions {
  readonly profile?: Partial<Profile>;
  /** The client's instance; two sessions with mixed-up answers have different ones. Default 1. */
  readonly instance?: number;
  /** Whether each session at the server is recorded, see `ServerApplication.recorder`. */
  readonly recorded?: boolean;
  /** Called with every event as a line. */
  readonly trace?: (line: string) => void;
}

export interface RunResult {
  readonly seed: number;
  /** Whether it is one of two sessions with mixed-up answers. */
  readonly mixed: boolean;
  /** The violation, or `undefined`. */
  readonly broken: string | undefined;
  readonly messages: number;
  readonly carriers: number;
  /** The faults that really occurred, and how often. */
  readonly faults: readonly (readonly [FaultName, number])[];
  /** The bytes of messages written more than once. */
  readonly bytesRepeated: number;
  readonly bytesSent: number;
  readonly latencies: readonly number[];
  readonly clean: boolean;
  /** The links the server still held when both ends had their verdict. */
  readonly linksLeft: number;
  /** The time from a close after the faults to the second verdict; `undefined` for any other close. */
  readonly closingMs: number | undefined;
  readonly rolledBack: 'no' | 'lost' | 'survived';
  readonly removed: 'no' | 'lost' | 'harmless';
}

/** A tail is quiet if the network caused a fault this long after either application last sent. */
const quietTailMs = 1000;

export function createResult(simulation: Simulation): RunResult {
  const { server, application, network, census, clientVerdict, serverVerdict, closedAt, endedAt } = simulation;
  if (census.lastFaultAt > simulation.lastSaidAt + quietTailMs) census.count('quiet tail');
  if (simulation.nodes.every((node) => node.applications.length > 0) && simulation.nodes.length > 1)
    census.count('nonce known to two nodes');
  let bytesSent = 0;
  for (const message of simulation.written) bytesSent += message.byteLength;
  const lost = clientVerdict?.code === 'lost' || serverVerdict?.code === 'lost';
  return {
    seed: simulation.seed,
    mixed: false,
    broken: simulation.broken,
    messages: application.got.length + (server?.got.length ?? 0),
    carriers: network.carriers,
    faults: [...census.counts],
    bytesRepeated: simulation.bytesWritten - bytesSent,
    bytesSent,
    latencies: simulation.latencies,
    clean: clientVerdict?.clean === true && serverVerdict?.clean === true,
    linksLeft: simulation.nodes.reduce((sum, node) => sum + node.openLinks.length, 0),
    closingMs: closedAt > faultsEnd + 5000 && endedAt > closedAt ? endedAt - closedAt : undefined,
    rolledBack: simulation.rolledBack ? (lost ? 'lost' : 'survived') : 'no',
    removed: network.removed ? (lost ? 'lost' : 'harmless') : 'no',
  };
}
