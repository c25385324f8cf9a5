/** The Network Information API, which only Chromium has, as far as it is used here. */
interface NetworkInformation {
  readonly saveData?: boolean;
  readonly effectiveType?: string;
  readonly type?: string;
}

/** The duration of the page's largest script, in milliseconds, above which a connection counts as slow. */
const SCRIPT_MS_MAX = 1_000;

/**
 * Returns whether files may be fetched that nobody has asked for yet: only over a connection that is fast and, as far as
 * the browser knows, unmetered (decision 0898).
 */
export function mayPrefetch(): boolean {
  if (window.matchMedia('(prefers-reduced-data: reduce)').matches) return false;
  const { connection } = navigator as { readonly connection?: NetworkInformation };
  // Without the API, a phone or tablet is assumed to be metered.
  if (connection === undefined) return !window.matchMedia('(pointer: coarse)').matches && arrivedFast();
  const { saveData, effectiveType, type } = connection;
  return saveData !== true && effectiveType === '4g' && type !== 'cellular';
}

/** Returns whether the largest script arrived fast, or came from the cache, where further files of this version are too. */
function arrivedFast(): boolean {
  const scripts = performance.getEntriesByType('resource') as PerformanceResourceTiming[];
  const [largest] = scripts
    .filter(({ name }) => name.endsWith('.js'))
    .sort((one, other) => other.encodedBodySize - one.encodedBodySize);
  return largest !== undefined && largest.responseEnd - largest.startTime <= SCRIPT_MS_MAX;
}
