import type { BrowserContext, Page } from 'playwright-core';

/** What stands on the screen, as the tab that shows it knows. */
interface Standing {
  readonly text: string;
  /** The browser says that it has shown it. */
  readonly shown: boolean;
}

/** What the script in the page offers to tests. */
interface Watched {
  look(looking: boolean): void;
  standing(): readonly Standing[];
  /** All texts that were ever shown here. */
  readonly told: string[];
  click(): void;
}

/**
 * Allows notifications in a browser profile and watches those of all its pages. They are real ones, which headless Chromium shows. A
 * click on one is made up, because nothing can press what is drawn outside the page. So is the focus: Playwright gives it to all pages
 * at once. A page begins without it.
 */
export async function watchNotifications(context: BrowserContext, origin: string): Promise<void> {
  await context.grantPermissions(['notifications'], { origin });
  await context.addInitScript(() => {
    let looking = false;
    document.hasFocus = () => looking;
    const shown = new Map<Notification, boolean>();
    const watched: Watched = {
      told: [],
      look: (next) => {
        looking = next;
        window.dispatchEvent(new Event(next ? 'focus' : 'blur'));
      },
      standing: () => [...shown].map(([{ title, body }, isShown]) => ({ text: `${title} | ${body}`, shown: isShown })),
      click: () => void [...shown.keys()].at(-1)?.dispatchEvent(new Event('click')),
    };
    window.Notification = class extends Notification {
      constructor(title: string, options?: NotificationOptions) {
        super(title, options);
        for (const earlier of shown.keys()) if (earlier.tag === this.tag) shown.delete(earlier);
        shown.set(this, false);
        watched.told.push(`${title} | ${this.body}`);
        this.addEventListener('show', () => shown.has(this) && shown.set(this, true));
        this.addEventListener('close', () => shown.delete(this));
      }
    };
    Object.assign(window, { watched });
  });
}

/** A page of such a profile. */
export class NotifiedTab {
  readonly page: Page;

  constructor(page: Page) {
    this.page = page;
  }

  /** Whether a person looks at it. */
  async look(looking: boolean): Promise<void> {
    await this.page.evaluate((next) => (window as unknown as { watched: Watched }).watched.look(next), looking);
  }

  /** What stands on the screen, and the browser has shown. */
  async standing(): Promise<readonly string[]> {
    const all = await this.page.evaluate(() => (window as unknown as { watched: Watched }).watched.standing());
    return all.filter(({ shown }) => shown).map(({ text }) => text);
  }

  told(): Promise<readonly string[]> {
    return this.page.evaluate(() => (window as unknown as { watched: Watched }).watched.told);
  }

  /** Presses the newest notification. */
  async click(): Promise<void> {
    await this.page.evaluate(() => (window as unknown as { watched: Watched }).watched.click());
  }

  icon(): Promise<string | null> {
    return this.page.locator('link[rel="icon"]').getAttribute('href');
  }

  /** What the page asked for once it is signed in may still be on its way; the notifier is among it. */
  async ready(): Promise<void> {
    await this.page.getByRole('navigation', { name: 'Conversations' }).waitFor();
    await this.page.waitForFunction(async () => {
      const { held = [], pending = [] } = await navigator.locks.query();
      return [...held, ...pending].some(({ name = '' }) => /^everywire\.notifier\.\d+$/.test(name));
    });
  }
}
