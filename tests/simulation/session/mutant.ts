import type { Profile } from './profile.js';

/** A fault injected into the machine: source text that occurs exactly once, and its replacement. */
export interface Mutant {
  readonly name: string;
  readonly patches: readonly Patch[];
  /** The simulator must find it within this number of seeds. */
  readonly within: number;
  /** A profile of its own, for faults that chance seldom meets. */
  readonly profile?: Partial<Profile>;
  /** Whether two sessions with mixed-up answers are needed to show it. */
  readonly mixed?: true;
}

interface Patch {
  /** The path relative to `packages/protocol/src/session/`, without `.ts`. */
  readonly file: string;
  readonly find: string;
  readonly put: string;
}

export function mutant(name: string, within: number, file: string, find: string, put: string): Mutant {
  return { name, within, patches: [{ file, find, put }] };
}

/** Describes a fault that shows in two sessions with mixed-up answers. */
export function mixedMutant(name: string, within: number, file: string, find: string, put: string): Mutant {
  return { ...mutant(name, within, file, find, put), mixed: true };
}

/**
 * A fault that breaks no guarantee, only a policy: runs of this profile show it in a figure compared with the unchanged
 * machine.
 */
export interface PolicyMutant extends Omit<Mutant, 'within'> {
  readonly profile: Partial<Profile>;
  /**
   * The means of: message latency, bytes repeated, links used, links left at the server, time from close to verdict.
   */
  readonly figure: 'latency' | 'repeated' | 'carriers' | 'left' | 'closing';
  /** The figure must be at least this many times that of the unchanged machine. */
  readonly factor: number;
  readonly seeds: number;
}
