import { scenario } from './scenarios.mjs';

/** Milliseconds that the event loop may have stood still before the figures are the machine's and not the system's. */
export const LAG_MS = 200;

/**
 * Why a transport of ours cannot pass a scenario at all, or `null` where it must. The free choice must pass all of
 * them.
 */
export function stoppedBy(transport, scenarioName) {
  return (transport && scenario(scenarioName).stops[transport]) ?? null;
}

/** Whether the machine was too busy for this run to say much. */
export function isVoid(run) {
  return run.lagMs > LAG_MS;
}

/**
 * Returns the criteria that a run of ours missed: everything delivered in both directions, nothing twice, nothing out
 * of order, and a silence of at most the outage plus the allowance of the scenario.
 */
export function missed(run) {
  const { silenceMs } = scenario(run.scenario);
  return ['up', 'down'].flatMap((way) => {
    const { sent, lost, repeated, outOfOrder, unknown, silentMs, beyondMs } = run[way];
    return [
      lost > 0 && `${way}: ${lost} of ${sent} lost`,
      repeated > 0 && `${way}: ${repeated} repeated`,
      outOfOrder > 0 && `${way}: ${outOfOrder} out of order`,
      unknown > 0 && `${way}: ${unknown} received but never sent`,
      beyondMs > silenceMs &&
        `${way}: silent for ${silentMs} ms, ${beyondMs} beyond the outage, where ${silenceMs} are granted`,
    ].filter(Boolean);
  });
}

/** Of these no busy machine is guilty. */
export function isInexcusable(miss) {
  return !/lost|silent/.test(miss);
}
