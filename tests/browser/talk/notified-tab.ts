import type { BrowserContext, Page } from 'playwright-core';

/** A notification on the screen, as known to the tab that shows it. */
interface Standing {
  readonly text: string;
  /** Whether the browser has reported it as shown. */
  readonly shown: boolean;
}

/** What the injected script offers to tests. */
interface Watched {
  look(looking: boolean): void;
  standing(): readonly Standing[];
  /** All texts ever shown by this page. */
  readonly shownTexts: string[];
  click(): void;
}

/**
 * Allows notifications in a browser profile, and records those of all its pages. They are real notifications of headless
 * Chromium. A click on one is simulated, because nothing can click outside the page. The focus is simulated too, because
 * Playwright focuses all pages. A page begins without focus.
 */
export async function watchNotifications(context: BrowserContext, origin: string): Promise<void> {
  await context.grantPermissions(['notifications'], { origin });
  await context.addInitScript(() => {
    let looking = false;
    document.hasFocus = () => looking;
    const shown = new Map<Notification, boolean>();
    const watched: Watched = {
      shownTexts: [],
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
        watched.shownTexts.push(`${title} | ${this.body}`);
        this.addEventListener('show', () => shown.has(this) && shown.set(this, true));
        this.addEventListener('close', () => shown.delete(this));
      }
    };
    Object.assign(window, { watched });
  });
}

/** A page of a profile that `watchNotifications` has prepared. */
export class NotifiedTab {
  readonly page: Page;

  constructor(page: Page) {
    this.page = page;
  }

  /** Sets whether a person looks at it. */
  async look(looking: boolean): Promise<void> {
    await this.page.evaluate((next) => (window as unknown as { watched: Watched }).watched.look(next), looking);
  }

  /** Returns the notifications on the screen that the browser has shown. */
  async standing(): Promise<readonly string[]> {
    const all = await this.page.evaluate(() => (window as unknown as { watched: Watched }).watched.standing());
    return all.filter(({ shown }) => shown).map(({ text }) => text);
  }

  /** Returns the texts of all notifications that this page has ever shown. */
  shownTexts(): Promise<readonly string[]> {
    return this.page.evaluate(() => (window as unknown as { watched: Watched }).watched.shownTexts);
  }

  /** Clicks the newest notification. */
  async click(): Promise<void> {
    await this.page.evaluate(() => (window as unknown as { watched: Watched }).watched.click());
  }

  /** Returns the address of the page's icon. */
  icon(): Promise<string | null> {
    return this.page.locator('link[rel="icon"]').getAttribute('href');
  }

  /** Waits for parts that load after the sign-in; the notifier is one of them. */
  async ready(): Promise<void> {
    await this.page.getByRole('navigation', { name: 'Conversations' }).waitFor();
    await this.page.waitForFunction(async () => {
      const { held = [], pending = [] } = await navigator.locks.query();
      return [...held, ...pending].some(({ name = '' }) => /^everywire\.notifier\.\d+$/.test(name));
    });
  }
}
