import { afterEach, describe, expect, it, vi } from 'vitest';
import { listenForWaking } from './waking.js';

afterEach(() => {
  vi.unstubAllGlobals();
});

describe('waking', () => {
  it('[SN-15] hears of a page shown, a network and a change of visibility, until it is told to stop', () => {
    const window = new EventTarget();
    const document = Object.assign(new EventTarget(), { hidden: true });
    vi.stubGlobal('addEventListener', window.addEventListener.bind(window));
    vi.stubGlobal('document', document);
    const heard: string[] = [];
    const stop = listenForWaking({
      onShow: () => heard.push('show'),
      onOnline: () => heard.push('online'),
      onVisibility: (hidden) => heard.push(`hidden ${hidden}`),
    });
    const fire = (): void => {
      window.dispatchEvent(new Event('pageshow'));
      window.dispatchEvent(new Event('online'));
      document.dispatchEvent(new Event('visibilitychange'));
    };
    fire();
    document.hidden = false;
    document.dispatchEvent(new Event('visibilitychange'));
    stop();
    fire();
    expect(heard).toEqual(['show', 'online', 'hidden true', 'hidden false']);
  });

  it('hears nothing in Node, and does not mind', () => {
    const nothing = (): void => undefined;
    listenForWaking({ onShow: nothing, onOnline: nothing, onVisibility: nothing })();
  });
});
