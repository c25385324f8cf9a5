import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, BrowserContextOptions, Locator } from 'playwright-core';
import { ServerProcess } from '../../durability/server-process.js';
import { launchChromium } from '../launch-chromium.js';
import { Person } from './person.js';

const view: BrowserContextOptions = { viewport: { width: 1300, height: 1_400 }, locale: 'en-US' };

/** Registers both people. Both then show their conversation, which contains `hello Bo`. */
export async function introduce(ann: Person, bo: Person): Promise<void> {
  await ann.register();
  await bo.register();
  await ann.startTalking('Bo');
  await ann.say('hello Bo');
  await bo.openConversation('Ann');
  await bo.sees('hello Bo');
}

/** Two people who have exchanged a message, each at a separate page, and the real server. */
export class TwoPeople {
  readonly ann: Person;
  readonly bo: Person;
  readonly #end: () => Promise<void>;
  readonly #arrive: (name: string, path?: string) => Promise<Person>;

  /** Starts the server and the browser, and registers Ann and Bo. `args` are further arguments of Chromium. */
  static async meet(...args: readonly string[]): Promise<TwoPeople> {
    const data = mkdtempSync(join(tmpdir(), 'everywire-two-people-'));
    const server = new ServerProcess(data);
    let browser: Browser | undefined;
    const end = async (): Promise<void> => {
      await browser?.close();
      await server.stop();
      rmSync(data, { recursive: true, force: true });
    };
    try {
      await server.start().started;
      const launched = await launchChromium(...args);
      browser = launched;
      const arrive = async (name: string, path = '') =>
        Person.arrive(await launched.newContext(view), `${new URL(server.url).origin}/${path}`, name);
      const [ann, bo] = [await arrive('Ann'), await arrive('Bo')];
      await introduce(ann, bo);
      return new TwoPeople(ann, bo, arrive, end);
    } catch (error) {
      await end();
      throw error;
    }
  }

  private constructor(
    ann: Person,
    bo: Person,
    arrive: (name: string, path?: string) => Promise<Person>,
    end: () => Promise<void>,
  ) {
    this.ann = ann;
    this.bo = bo;
    this.#arrive = arrive;
    this.#end = end;
  }

  /** Opens a page of another person, or another device of one of them, not signed in yet. */
  arrive(name: string, path = ''): Promise<Person> {
    return this.#arrive(name, path);
  }

  end(): Promise<void> {
    return this.#end();
  }
}

/** The list of conversations. */
export const list = (person: Person): Locator => person.page.getByRole('navigation', { name: 'Conversations' });
/** The details of the open conversation. */
export const details = (person: Person): Locator => person.page.getByRole('complementary', { name: 'Details' });
/** The open dialog. */
export const dialog = (person: Person): Locator => person.page.getByRole('dialog');
/** The field for a message. */
export const composer = (person: Person): Locator => person.page.getByLabel('Message', { exact: true });

/** Returns the conversation of the list whose name begins with the title. */
export const row = (person: Person, title: string): Locator =>
  list(person)
    .locator('a.conversation')
    .filter({ has: person.page.locator('.name', { hasText: new RegExp(`^${title}`) }) });

/** Chooses an item from the menu of a conversation. */
export async function choose(person: Person, title: string, item: string): Promise<void> {
  await row(person, title).click({ button: 'right' });
  await person.page.getByRole('menuitem', { name: item, exact: true }).click();
}

/** Chooses an item from the menu of a member. */
export async function settle(person: Person, member: string, item: string): Promise<void> {
  await details(person)
    .getByRole('button', { name: `Actions for ${member}` })
    .click();
  await person.page.getByRole('menuitem', { name: item, exact: true }).click();
}

/** Creates a group with these people. */
export async function newGroup(person: Person, name: string, people: readonly string[] = []): Promise<void> {
  await person.page.getByRole('button', { name: 'New conversation' }).first().click();
  await dialog(person).getByRole('button', { name: 'New group' }).click();
  await dialog(person).getByLabel('Group name').fill(name);
  for (const other of people) await dialog(person).getByRole('button', { name: other }).click();
  await dialog(person).getByRole('button', { name: 'Create group' }).click();
  await person.page.getByRole('heading', { level: 1, name }).waitFor();
}
