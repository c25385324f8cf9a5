import { type Cut, Run, type Scenario } from './run.js';

/** The result of exploring one scenario: a session that is cut once, at every possible place. */
export interface Exploration {
  /** Number of places in the bytes: before each byte of each link of the uncut run, and at the end of each link. */
  readonly bytes: number;
  /** Number of steps of the uncut run, after each of which all links were cut in one run. */
  readonly steps: number;
  readonly runs: number;
  /** The first few violations, and where they occurred. */
  readonly broken: readonly string[];
}

/**
 * Runs the scenario once for each place of a cut: at each byte of each direction of each link, and after each step. Runs
 * are identical up to the cut, so these are all the places where one cut can occur. With `stride` n, only every n-th byte
 * is tested.
 */
export function explore(scenario: Omit<Scenario, 'cut'>, stride = 1): Exploration {
  const whole = new Run(scenario).run();
  const broken: string[] = whole.broken ? [`without a cut: ${whole.broken}`] : [];
  let [bytes, runs] = [0, 1];
  const attempt = (cut: Cut): void => {
    runs += 1;
    const outcome = new Run({ ...scenario, cut }).run();
    if (outcome.broken && broken.length < 5) broken.push(`${JSON.stringify(cut)}: ${outcome.broken}`);
  };
  for (const [carrier, bytesOf] of whole.carriers.entries()) {
    for (const way of ['up', 'down'] as const) {
      bytes += bytesOf[way] + 1;
      for (let at = 0; at < bytesOf[way]; at += stride) attempt({ carrier, way, at });
      attempt({ carrier, way, at: bytesOf[way] });
    }
  }
  for (let step = 1; step <= whole.steps; step += 1) attempt({ step });
  return { bytes, steps: whole.steps, runs, broken };
}
