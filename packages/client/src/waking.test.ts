import { afterEach, describe, expect, it, vi } from 'vitest';
import { listenForWaking } from './waking.js';

// Tests `listenForWaking`, which reports events of the browser after which a connection may have died: the page is
// shown, hidden or left, or the network changed.

afterEach(() => {
  vi.unstubAllGlobals();
});

const nothing = (): void => undefined;

function stubWindow(window: EventTarget): void {
  vi.stubGlobal('addEventListener', window.addEventListener.bind(window));
  vi.stubGlobal('removeEventListener', window.removeEventListener.bind(window));
}

describe('waking', () => {
  it('[SN-15.17] page, network and visibility events are reported until listening stops', () => {
    const window = new EventTarget();
    const document = Object.assign(new EventTarget(), { hidden: true });
    const connection = Object.assign(new EventTarget(), { type: 'wifi' });
    vi.stubGlobal('navigator', { connection });
    stubWindow(window);
    vi.stubGlobal('document', document);
    const reports: string[] = [];
    const stop = listenForWaking({
      onShow: () => reports.push('show'),
      onNetwork: () => reports.push('network'),
      onOffline: () => reports.push('offline'),
      onVisibility: (hidden) => reports.push(`hidden ${hidden}`),
      onLeave: (kept) => reports.push(kept ? 'kept' : 'left'),
    });
    const fire = (): void => {
      window.dispatchEvent(new Event('pageshow'));
      window.dispatchEvent(new Event('offline'));
      window.dispatchEvent(new Event('online'));
      document.dispatchEvent(new Event('visibilitychange'));
      for (const persisted of [true, false]) {
        window.dispatchEvent(Object.assign(new Event('pagehide'), { persisted }));
      }
      document.dispatchEvent(new Event('resume'));
    };
    fire();
    document.hidden = false;
    document.dispatchEvent(new Event('visibilitychange'));
    stop();
    fire();
    expect(reports).toEqual(['show', 'offline', 'network', 'hidden true', 'kept', 'left', 'show', 'hidden false']);
  });

  it('[SN-15.17] being offline is reported every second until the network returns or listening stops', () => {
    vi.useFakeTimers();
    const window = new EventTarget();
    stubWindow(window);
    const onOffline = vi.fn();
    const stop = listenForWaking({
      onShow: nothing,
      onNetwork: nothing,
      onOffline,
      onVisibility: nothing,
      onLeave: nothing,
    });
    const offlineReportsAfter = (ms: number): number => {
      vi.advanceTimersByTime(ms);
      return onOffline.mock.calls.length;
    };
    window.dispatchEvent(new Event('offline'));
    expect([
      offlineReportsAfter(0),
      offlineReportsAfter(999),
      offlineReportsAfter(1),
      offlineReportsAfter(2_000),
    ]).toEqual([1, 1, 2, 4]);
    window.dispatchEvent(new Event('online'));
    expect(offlineReportsAfter(10_000)).toBe(4);
    window.dispatchEvent(new Event('offline'));
    stop();
    expect([offlineReportsAfter(10_000), vi.getTimerCount()]).toEqual([5, 0]);
    vi.useRealTimers();
  });

  it('[SN-12.8] another kind of network is reported, but not every change of its speed', () => {
    const connection = Object.assign(new EventTarget(), { type: 'wifi' });
    vi.stubGlobal('navigator', { connection });
    const reports: string[] = [];
    const stop = listenForWaking({
      onShow: nothing,
      onNetwork: () => reports.push(connection.type),
      onOffline: nothing,
      onVisibility: nothing,
      onLeave: nothing,
    });
    connection.dispatchEvent(new Event('change'));
    connection.type = 'cellular';
    connection.dispatchEvent(new Event('change'));
    connection.dispatchEvent(new Event('change'));
    stop();
    connection.type = 'wifi';
    connection.dispatchEvent(new Event('change'));
    expect(reports).toEqual(['cellular']);
  });

  it('listening needs no AbortSignal, because jsdom refuses the one of Node', () => {
    vi.stubGlobal(
      'addEventListener',
      (_type: string, _listener: unknown, options?: AddEventListenerOptions | boolean) => {
        if (Object(options).signal !== undefined) throw new TypeError('not an AbortSignal of this window');
      },
    );
    vi.stubGlobal('removeEventListener', nothing);
    listenForWaking({
      onShow: nothing,
      onNetwork: nothing,
      onOffline: nothing,
      onVisibility: nothing,
      onLeave: nothing,
    })();
  });

  it('listening in Node has no effect', () => {
    listenForWaking({
      onShow: nothing,
      onNetwork: nothing,
      onOffline: nothing,
      onVisibility: nothing,
      onLeave: nothing,
    })();
  });
});
