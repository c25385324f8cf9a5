/**
 * Notices that the server has a newer page than this tab: an upgrade replaces the files of the page, and a part that this tab has not
 * fetched yet is then answered 404 for ever.
 */
let replaced = false;
let looking = false;
const listeners = new Set<() => void>();

export function isReplaced(): boolean {
  return replaced;
}

/** Calls `listener` when the page turns out to be replaced. Returns a function that unsubscribes. */
export function followReplaced(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/**
 * Looks for a newer page whenever a part of this one could not be fetched. Vite reports every failed `import()` of the built page by
 * this event, those inside our packages included.
 */
export function watchParts(): void {
  window.addEventListener('vite:preloadError', lookForNewPage);
}

async function lookForNewPage(): Promise<void> {
  if (replaced || looking) return;
  looking = true;
  replaced = await servesAnotherPage();
  looking = false;
  if (replaced) for (const listener of listeners) listener();
}

/** Whether the document that the server has now names another main script. Without an answer, or with one of a portal in between: no. */
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
