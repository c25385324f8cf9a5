import type { BrowserContext, Page } from 'playwright-core';

export const password = 'correct horse battery staple';

/** One person at the page, in a separate browser profile. Finds controls by the labels that a person reads. */
export class Person {
  readonly name: string;
  readonly page: Page;
  /** The addresses of everything the page requested. */
  readonly addresses: string[] = [];
  /** Errors of the page and violations of its policy. */
  readonly problems: string[] = [];

  /** Opens the page. The person is not signed in. */
  static async arrive(context: BrowserContext, url: string, name: string): Promise<Person> {
    const person = new Person(name, await context.newPage());
    await person.page.goto(url);
    return person;
  }

  private constructor(name: string, page: Page) {
    this.name = name;
    this.page = page;
    page.on('request', (request) => this.addresses.push(request.url()));
    page.on('websocket', (socket) => this.addresses.push(socket.url()));
    page.on('pageerror', (error) => this.problems.push(String(error)));
    page.on('console', (message) => {
      if (message.text().includes('Content Security Policy')) this.problems.push(message.text());
    });
  }

  /** Registers, and waits until `shown` is visible: the list, or what a link opens above the list. */
  async register(shown = this.page.getByRole('navigation', { name: 'Conversations' })): Promise<void> {
    await this.page.getByRole('button', { name: 'Create an account' }).click();
    await this.page.getByLabel('Username').fill(this.name.toLowerCase());
    await this.page.getByLabel('Display name').fill(this.name);
    await this.page.getByLabel('Password').fill(password);
    await this.page.getByRole('button', { name: 'Register' }).click();
    await shown.waitFor();
  }

  /** Signs in on another device, after `register` on the first. */
  async signIn(): Promise<void> {
    await this.page.getByLabel('Username').fill(this.name.toLowerCase());
    await this.page.getByLabel('Password').fill(password);
    await this.page.getByRole('button', { name: 'Sign in', exact: true }).click();
    await this.page.getByRole('navigation', { name: 'Conversations' }).waitFor();
  }

  /** Starts a conversation with a person. */
  async startTalking(other: string): Promise<void> {
    await this.page.getByRole('button', { name: 'New conversation' }).first().click();
    await this.page.getByLabel('Search by name').fill(other);
    await this.page.getByRole('dialog').getByRole('button', { name: other }).click();
    await this.page.getByRole('button', { name: 'Start chat' }).click();
    await this.page.getByLabel('Message', { exact: true }).waitFor();
  }

  /** Opens a conversation of the list. */
  async openConversation(other: string): Promise<void> {
    await this.page.getByRole('navigation', { name: 'Conversations' }).getByText(other).first().click();
    await this.page.getByLabel('Message', { exact: true }).waitFor();
  }

  /** Forces a transport in the settings, and waits until the page shows that it is used. */
  async chooseTransport(name: string): Promise<void> {
    await this.page.getByRole('button', { name: 'Settings' }).click();
    await this.page.getByRole('tab', { name: 'Connection' }).click();
    await this.page.getByRole('radio', { name }).click();
    const used = name === 'Automatic' ? 'WebSocket' : name;
    await this.page.locator('dd', { hasText: new RegExp(`^${used}(, \\d+ ms( at [\\d:]+)?)?$`) }).waitFor();
    await this.page.getByRole('button', { name: 'Close' }).click();
  }

  /** Types and presses Enter; does not wait for anything. */
  async say(text: string): Promise<void> {
    const composer = this.page.getByLabel('Message', { exact: true });
    await composer.fill(text);
    await composer.press('Enter');
  }

  /** Waits until this text is visible. */
  async sees(text: string): Promise<void> {
    await this.page.locator('article .bubble', { hasText: new RegExp(`^${text}$`) }).waitFor();
  }

  /** Waits until no message is waiting or being sent. */
  async allSent(): Promise<void> {
    await this.page.waitForFunction(
      () => document.querySelector('[data-receipt="waiting"], [data-receipt="sending"]') === null,
    );
  }

  /** Returns every text in the log, from top to bottom. */
  texts(): Promise<string[]> {
    return this.page.locator('article .bubble').allInnerTexts();
  }

  /** Returns the token that the page has stored. */
  token(): Promise<string> {
    return this.page.evaluate(() => {
      const stored = Object.values({ ...localStorage }).join(' ');
      return /ewt_[\w-]+/.exec(stored)?.[0] ?? '';
    });
  }
}
