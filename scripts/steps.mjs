/**
 * Shows the progress of a long start. On a terminal one line counts seconds and items; elsewhere, two lines per step
 * are printed.
 */

const frameMs = 200;

/**
 * @param {NodeJS.WriteStream} out
 * @returns {<T>(title: string, work: (onCount: (done: number, all: number) => void) => Promise<T>) => Promise<T>} runs
 *   `work` as one step
 */
export function createSteps(out) {
  return async function step(title, work) {
    const startedAt = performance.now();
    let counted = '';
    const seconds = () => `${Math.round((performance.now() - startedAt) / 1_000)} s`;
    const show = () => out.write(`\r\x1b[Keverywire: ${title}${counted}: ${seconds()}`);
    if (!out.isTTY) out.write(`everywire: ${title}\n`);
    const timer = out.isTTY ? setInterval(show, frameMs) : undefined;
    try {
      const result = await work((done, all) => {
        // npm still extracts after the last download.
        counted = done < all ? `, ${done} of ${all}` : ', unpacking';
      });
      out.write(`${out.isTTY ? '\r\x1b[K' : ''}everywire: ${title}: done in ${seconds()}\n`);
      return result;
    } catch (error) {
      if (out.isTTY) out.write('\n');
      throw error;
    } finally {
      clearInterval(timer);
    }
  };
}
