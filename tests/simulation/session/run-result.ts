import type { FaultName } from './census.js';
import { faultsEnd, type Profile } from './profile.js';
import type { Simulation } from './simulate.js';

/** Options of one run. */
export interface RunOptions {
  readonly profile?: Partial<Profile>;
  /** Number that tells clients apart. Two sessions whose answers are mixed up have different ones. Default 1. */
  readonly instance?: number;
  /** Whether each session at the server is recorded, see `ServerApplication.recorder`. */
  readonly recorded?: boolean;
  /** Called with every event as a line. */
  readonly trace?: (line: string) => void;
}

/** The result of one run. Times are virtual milliseconds. */
export interface RunResult {
  readonly seed: number;
  /** Whether it is one of two sessions whose answers a proxy mixed up. */
  readonly mixed: boolean;
  /** A description of the violated rule; `undefined` if there is none. */
  readonly broken: string | undefined;
  /** Number of delivered messages in both directions. */
  readonly messages: number;
  /** Number of links that the client opened. */
  readonly carriers: number;
  /** The faults that really occurred, and how often. */
  readonly faults: readonly (readonly [FaultName, number])[];
  /** The bytes of messages written more than once. */
  readonly bytesRepeated: number;
  /** The bytes of all written messages, each counted once. */
  readonly bytesSent: number;
  readonly latencies: readonly number[];
  readonly clean: boolean;
  /** The links the server still held when both ends had their verdict. */
  readonly linksLeft: number;
  /** The time from a close after the faults to the second verdict; `undefined` for any other close. */
  readonly closingMs: number | undefined;
  /** Whether the server was restored from an older state, and whether a session was lost by it. */
  readonly rolledBack: 'no' | 'lost' | 'survived';
  /** Whether a frame was removed, and whether a session was lost by it. */
  readonly removed: 'no' | 'lost' | 'harmless';
}

/** A run has a "quiet tail" if the network caused a fault more than this long after the applications last sent a message. */
const quietTailMs = 1000;

/** Collects the result of a finished run. */
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
