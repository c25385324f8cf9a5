import type { TransportName } from '@everywire/client';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { noHeartbeats } from '../transports/no-heartbeats.js';
import { type Tab, until } from './chromium.js';
import { type Life, type LifecycleLab, openLifecycleLab, ready, type SeenSession } from './lifecycle-lab.js';

const names: readonly TransportName[] = ['websocket', 'event-stream', 'fetch-stream', 'long-poll'];

let lab: LifecycleLab;
let life: Life;
beforeAll(async () => {
  lab = await openLifecycleLab();
});
afterAll(() => lab.close());
afterEach(() => life.stop());

const send = (tab: Tab, text: string): Promise<void> => tab.read(`void seen.wire.send('${text}')`);
/** Returns the messages that the page of a tab has received. */
const messagesAt = (tab: Tab): Promise<readonly string[]> => tab.read('seen.got');
const hasGot = (tab: Tab, count: number): Promise<void> => tab.until(`seen.got.length >= ${count}`);
/** Returns the only session, or the nth opened. */
const session = (nth = 0): SeenSession => life.sessions[nth]!;
/** Waits until this many messages of the page have reached the server. */
const untilAtServer = (count: number, nth = 0): Promise<void> =>
  until(() => session(nth).up.length >= count, `${count} messages at the server`);

describe.each(names)('a page over %s', (name) => {
  const tags = name === 'websocket' ? [] : ['wide'];
  it('[SN-15.20] a page enters the page cache and comes back in the same session, and nothing is lost or repeated', {
    tags,
  }, async () => {
    life = await lab.start();
    const tab = await life.open(name);
    await tab.read("addEventListener('pagehide', () => seen.wire.send('while leaving'))");
    await send(tab, 'before');
    await tab.goTo(`${life.url}elsewhere`);
    session().session.send('meanwhile');
    await tab.goBack();
    await tab.until('window.seen?.life.at(-1) === "pageshow persisted"');
    await send(tab, 'after');
    await untilAtServer(3);
    await hasGot(tab, 1);
    await tab.until('seen.wire.readyState === 1 && seen.wire.transport !== null');
    session().session.send('at last');
    await hasGot(tab, 2);
    expect(session().up).toEqual(['before', 'while leaving', 'after']);
    expect(await messagesAt(tab)).toEqual(['meanwhile', 'at last']);
    expect(life.sessions).toHaveLength(1);
    expect(await tab.read('seen.statuses')).toEqual([`open ${name}`, 'reconnecting', `open ${name}`]);
  });

  it('[SN-15.19] a closed page still delivers its last messages, and the session ends', {
    tags: ['wide'],
  }, async () => {
    life = await lab.start();
    const tab = await life.open(name);
    await send(tab, 'first');
    await untilAtServer(1);
    await tab.read(`(() => { for (let k = 0; k < 50; k += 1) seen.wire.send('last ' + k); })()`);
    await tab.close();
    await until(() => session().verdict !== null, 'a verdict');
    expect(session().up).toEqual(['first', ...Array.from({ length: 50 }, (_, k) => `last ${k}`)]);
    expect(session().verdict).toMatchObject({ clean: true, unknown: 0 });
    // With WebSocket only, nothing is sent by requests: what it was given before the close arrives as well.
    expect(life.urls.includes('/everywire/up')).toBe(name !== 'websocket');
  });

  it('[SN-15] a frozen page loses its link, and gets everything when it is resumed', { tags: ['wide'] }, async () => {
    life = await lab.start({ heartbeatMs: 300, heartbeatHiddenMs: 300 });
    const tab = await life.open(name);
    await send(tab, 'before');
    await untilAtServer(1);
    const other = await life.open();
    await tab.until("document.visibilityState === 'hidden'");
    await tab.send('Page.setWebLifecycleState', { state: 'frozen' });
    session().session.send('frozen');
    // The server's heartbeats are no longer answered.
    await until(() => session().transports.at(-1) === null, 'a lost link');
    session().session.send('without a link');
    await tab.send('Page.setWebLifecycleState', { state: 'active' });
    await tab.show();
    await hasGot(tab, 2);
    await send(tab, 'after');
    await untilAtServer(2);
    expect(await messagesAt(tab)).toEqual(['frozen', 'without a link']);
    expect(session().up).toEqual(['before', 'after']);
    expect(await tab.read('seen.life')).toEqual(expect.arrayContaining(['hidden', 'freeze', 'resume', 'visible']));
    expect(life.sessions).toHaveLength(2);
    await other.close();
  });
});

describe('a page', { tags: ['wide'] }, () => {
  it('[SN-15] a hidden page with throttled timers keeps its link over several heartbeats', async () => {
    // So long that a busy machine answers within one and a half.
    const heartbeatMs = 4_000;
    life = await lab.start({ heartbeatMs, heartbeatHiddenMs: heartbeatMs });
    const tab = await life.open();
    // Checks the throttling: of a hundred timers requested per second, the browser runs one.
    await tab.read('window.ticks = 0; void setInterval(() => { window.ticks += 1; }, 10)');
    await life.open();
    await tab.until("document.visibilityState === 'hidden'");
    const before = await tab.read<number>('window.ticks');
    const begunAt = performance.now();
    for (let k = 0; performance.now() - begunAt < 3 * heartbeatMs; k += 1) {
      session().session.send(`${k}`);
      await hasGot(tab, k + 1);
    }
    const ticks = (await tab.read<number>('window.ticks')) - before;
    const seconds = (performance.now() - begunAt) / 1000;
    expect(ticks / seconds).toBeLessThan(10);
    expect(session().transports).toEqual(['websocket']);
    expect(await tab.read('seen.statuses')).toEqual(['open websocket']);
    const numbers = (await messagesAt(tab)).map(Number);
    expect(numbers).toEqual(numbers.map((_, at) => at));
  });

  /**
   * Simulates a network that lost its state: the link is silent for ever, new ones work. A heartbeat would detect it
   * after an hour.
   */
  const mute = (): void => {
    life.proxy.inject({ kind: 'silence' })();
    expect(life.proxy.counters.silencedConnections).toBeGreaterThan(0);
    session().session.send('never mind the link');
  };
  const expectProbed = async (tab: Tab): Promise<void> => {
    await hasGot(tab, 1);
    expect(await messagesAt(tab)).toEqual(['never mind the link']);
    expect(life.sessions.length).toBeLessThanOrEqual(2);
  };

  it('[SN-15.17] a page that is shown again probes its link immediately', async () => {
    life = await lab.start(noHeartbeats);
    const tab = await life.open();
    const other = await life.open();
    await tab.until("document.visibilityState === 'hidden'");
    mute();
    await tab.show();
    await expectProbed(tab);
    await other.close();
  });

  it('[SN-15.17] a page that is online again probes its link immediately', async () => {
    life = await lab.start(noHeartbeats);
    const tab = await life.open();
    await tab.read("void addEventListener('online', () => seen.life.push('online'))");
    const network = { latency: 0, downloadThroughput: -1, uploadThroughput: -1 };
    await tab.send('Network.enable');
    mute();
    await tab.send('Network.emulateNetworkConditions', { ...network, offline: true });
    await tab.until('!navigator.onLine');
    await tab.send('Network.emulateNetworkConditions', { ...network, offline: false });
    await tab.until("seen.life.at(-1) === 'online'");
    await expectProbed(tab);
  });

  it('[SN-15.17] a page whose device slept probes its link as soon as it checks the clock', async () => {
    life = await lab.start(noHeartbeats);
    const tab = await life.open();
    mute();
    await tab.read('(() => { const now = Date.now; Date.now = () => now() + 3_600_000; })()');
    await expectProbed(tab);
  });

  it('[SN-15.19] a page that navigates away and is not cached still delivers its last messages', async () => {
    life = await lab.start();
    const first = await life.open();
    // The browser does not cache a page that was opened by another.
    const tab = await life.opened(() => first.read("void window.open('/')"));
    await tab.until(ready);
    await tab.read("seen.wire.send('last words'); void (location.href = '/elsewhere')");
    await until(() => session(1).verdict !== null, 'a verdict');
    expect(session(1).up).toEqual(['last words']);
    expect(session(1).verdict).toMatchObject({ clean: true, unknown: 0 });
    expect(session(0).verdict).toBeNull();
    // It arrives by the WebSocket and by the beacon, which may be the later one.
    await until(() => life.urls.includes('/everywire/up'), 'the beacon');
  });

  it('[SN-9] a page duplicated with its storage is a client of its own: both work, and nothing is lost or repeated', async () => {
    life = await lab.start();
    const tab = await life.open();
    await tab.read("void sessionStorage.setItem('kept', 'yes')");
    await send(tab, 'first');
    await untilAtServer(1);
    const twin = await life.opened(() => tab.read('void window.open(location.href)'));
    await twin.until(ready);
    expect(await twin.read("sessionStorage.getItem('kept')")).toBe('yes');
    expect(life.sessions).toHaveLength(2);
    for (const [at, one] of [tab, twin].entries()) {
      await send(one, `from ${at}`);
      session(at).session.send(`to ${at}`);
      await hasGot(one, 1);
    }
    await untilAtServer(2, 0);
    await untilAtServer(1, 1);
    expect([session(0).up, session(1).up]).toEqual([['first', 'from 0'], ['from 1']]);
    expect([await messagesAt(tab), await messagesAt(twin)]).toEqual([['to 0'], ['to 1']]);
    expect(life.sessions.map(({ verdict }) => verdict)).toEqual([null, null]);
  });
});
