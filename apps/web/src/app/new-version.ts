/**
 * Detects that the server has a newer page than this tab. An upgrade replaces the page's files, so a chunk that this tab has not fetched
 * yet then answers 404 forever.
 */
let replaced = false;
let looking = false;
const listeners = new Set<() => void>();

/** Returns whether the server has a newer page than this tab. */
export function isReplaced(): boolean {
  return replaced;
}

/** Calls `listener` when the server has a newer page. Returns a function that unsubscribes. */
export function subscribeReplaced(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/**
 * Checks for a newer page whenever a chunk of this one cannot be fetched. Vite reports each failed `import()` of the built page by this
 * event, including those inside our packages.
 */
export function watchChunks(): void {
  window.addEventListener('vite:preloadError', lookForNewPage);
}

async function lookForNewPage(): Promise<void> {
  if (replaced || looking) return;
  looking = true;
  replaced = await servesAnotherPage();
  looking = false;
  if (replaced) for (const listener of listeners) listener();
}

/** Returns whether the server's current document names another main script. Without an answer, or behind a captive portal: false. */
async function servesAnotherPage(): Promise<boolean> {
  const main = document.querySelector('script[type="module"][src]')?.getAttribute('src');
  if (main === null || main === undefined) return false;
  try {
    const response = await fetch('/', { cache: 'no-store' });
    const html = response.ok ? await response.text() : '';
    return html.includes('id="page"') && !html.includes(`"${main}"`);
  } catch {
    return false;
  }
}
