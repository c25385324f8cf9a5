import { createChatClient, type SignedIn } from '@everywire/chat-client';
import {
  forgetAccount,
  isSignOutElsewhere,
  markSigningOut,
  storeAccount,
} from '../../../apps/web/src/app/stored-account.js';
import { isFewEmojis } from '../../../apps/web/src/emoji/only-emojis.js';
import { notificationState } from '../../../apps/web/src/notifications/permission.js';
import { openTabs, type Tabs } from '../../../apps/web/src/notifications/tabs.js';
import { autoDirection } from '../../../apps/web/src/test-kit/first-strong.js';
import { deviceStoreName, openDeviceStore } from '../../../packages/chat-client/src/device-store.js';

// A page for tests of parts of the web page in real browsers. It opens frames of itself as if they were tabs.

/** What each framed document offers to the outer document. */
interface TabHere {
  readonly tabs: Tabs;
  look(looking: boolean): void;
  writeOffline(): Promise<void>;
  kept(): Promise<readonly string[]>;
  /** Whether another document has signed out since this one was loaded. */
  isSignOutElsewhere(): boolean;
}

declare global {
  interface Window {
    readonly tabHere: TabHere;
  }
}

const account: SignedIn = { me: { id: 7, name: 'ann', displayName: 'Ann' }, token: 'of nobody' };
const conversation = 3;

const parts = {
  /**
   * One document writes a draft and sends a file while no server answers; returns what a document loaded later finds on
   * the device.
   */
  async keepOffline(): Promise<readonly string[]> {
    const writer = await frame();
    await writer.here.writeOffline();
    writer.close();
    const reader = await frame();
    const found = await reader.here.kept();
    reader.close();
    return found;
  },

  /**
   * Opens two documents of one account; returns how many may notify, whether each knows that one is focused, and which
   * notifies once the first is closed.
   */
  async notifyInOne(): Promise<readonly unknown[]> {
    const [first, second] = [await frame(), await frame()];
    const both = [first.here, second.here];
    const leaders = (at: number) => both.filter(({ tabs }) => tabs.mayNotify(1, at));
    await until(() => first.here.tabs.mayNotify(1, 1));
    const alone = leaders(2).length;
    const looked = () => Promise.all(both.map(({ tabs }) => tabs.isAnyInFront()));
    const before = await looked();
    second.here.look(true);
    await until(async () => (await looked()).every(Boolean));
    second.here.look(false);
    await until(async () => !(await looked()).some(Boolean));
    first.close();
    await until(() => second.here.tabs.mayNotify(1, 3));
    second.close();
    return [alone, before];
  },

  /** One document signs out; returns whether each noticed. */
  async signOutInOne(): Promise<readonly boolean[]> {
    forgetAccount();
    storeAccount(account);
    const other = await frame();
    const before = other.here.isSignOutElsewhere();
    markSigningOut(account);
    await until(() => other.here.isSignOutElsewhere());
    other.close();
    forgetAccount();
    return [before, true];
  },

  /** Returns the direction that the browser gives each text, and the one expected by tests without a browser. */
  directions(texts: readonly string[]): readonly (readonly [string, string | null])[] {
    return texts.map((html) => {
      const line = document.createElement('p');
      line.dir = 'auto';
      line.innerHTML = html;
      document.body.append(line);
      const both = [getComputedStyle(line).direction, autoDirection(line)] as const;
      line.remove();
      return both;
    });
  },

  areFewEmojis: (texts: readonly string[]): readonly boolean[] => texts.map(isFewEmojis),

  /** Returns the notification state of the page and of the browser. */
  notifications(): readonly unknown[] {
    const has = 'Notification' in window;
    let made = 0;
    if (has) {
      window.Notification = class extends Notification {
        constructor(title: string, options?: NotificationOptions) {
          super(title, options);
          made += 1;
        }
      };
    }
    return [notificationState(), has ? Notification.permission : 'unsupported', made];
  },
};

/** Resolves once the device has stored both. */
async function writeOffline(): Promise<void> {
  const client = createChatClient({ url: location.origin, ...account });
  const bytes = new TextEncoder().encode('high at noon').buffer as ArrayBuffer;
  client.openTimeline(conversation).prepare('tides')([{ name: 'tides.txt', type: 'text/plain', bytes }]);
  client.openTimeline(conversation + 1).setDraft('half a sentence');
  await until(async () => (await kept()).length === 2);
  await client.close();
}

/** Returns the file of each message that waits on the device, and each draft. */
async function kept(): Promise<readonly string[]> {
  const device = await openDeviceStore(deviceStoreName(location.origin, account.me.id));
  const { outbox, drafts } = await device.load();
  const files = await Promise.all(outbox.map(({ command }) => device.waitingBytes(command.id, 0)));
  device.close();
  const texts = files.map((bytes) => new TextDecoder().decode(bytes ?? new ArrayBuffer(0)));
  return [...texts, ...drafts.map(({ text }) => text)];
}

/** Opens a framed document, which acts as a tab. */
async function frame(): Promise<{ readonly here: TabHere; close(): void }> {
  const element = document.createElement('iframe');
  element.src = '/';
  document.body.append(element);
  await until(() => element.contentWindow?.tabHere !== undefined);
  return { here: element.contentWindow?.tabHere as TabHere, close: () => element.remove() };
}

/** Polls until the condition holds; the test's timeout is the deadline. */
async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await holds())) await new Promise((done) => setTimeout(done, 5));
}

/** Creates what a framed document offers. */
function beHere(): TabHere {
  let looking = false;
  let isGiven = false;
  const listeners = new Set<() => void>();
  window.addEventListener('storage', (event) => {
    isGiven ||= isSignOutElsewhere(event);
  });
  const look = {
    now: () => looking,
    watch: (listener: () => void) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
  return {
    tabs: openTabs(account.me.id, look),
    look: (next) => {
      looking = next;
      for (const listener of listeners) listener();
    },
    isSignOutElsewhere: () => isGiven,
    writeOffline,
    kept,
  };
}

// The outer document is not a tab: the documents it opens are.
if (window !== window.parent) Object.assign(window, { tabHere: beHere() });
Object.assign(window, parts);
