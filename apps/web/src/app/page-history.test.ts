import { describe, expect, test } from 'vitest';
import { FakeHistory } from '../test-kit/fake-history.js';
import { PageHistory } from './page-history.js';

/** Creates a page over an in-memory history. `closed` lists the layers that Back closed. */
function opened(browser = new FakeHistory()) {
  const tasks: (() => void)[] = [];
  const page = new PageHistory(browser, (run) => tasks.push(run));
  const closed: string[] = [];
  const open = (name: string) => page.openLayer(() => closed.push(name));
  /** Runs the pending tasks, without traversals. */
  const draw = () => {
    for (const run of tasks.splice(0)) run();
  };
  /** Runs tasks and traversals until none is pending. */
  const settle = () => {
    for (let steps = 0; steps < 50; steps += 1) {
      draw();
      if (browser.traverse()) page.followPop();
      else if (tasks.length === 0) return;
    }
    throw new Error('the history does not settle');
  };
  const step = (delta: number) => {
    browser.go(delta);
    settle();
  };
  return { browser, page, closed, open, draw, settle, back: () => step(-1), forward: () => step(1) };
}

describe('a layer', () => {
  test('a layer has its own entry that keeps the address state, and Back closes it', () => {
    const { browser, closed, open, settle, back } = opened(new FakeHistory(['site before', { fromList: true }]));
    open('dialog');
    settle();
    expect(browser.entries.slice(1)).toEqual([{ fromList: true }, { fromList: true, layers: 1 }]);
    back();
    expect([closed, browser.at]).toEqual([['dialog'], 1]);
  });

  test('Back closes only the topmost of two layers', () => {
    const { browser, closed, open, settle, back } = opened();
    open('details');
    open('dialog');
    settle();
    expect(browser.at).toBe(3);
    back();
    expect([closed, browser.at]).toEqual([['dialog'], 2]);
    back();
    expect([closed, browser.at]).toEqual([['dialog', 'details'], 1]);
  });

  test('going back two entries closes two layers, the topmost first', () => {
    const { browser, page, closed, open, settle } = opened();
    open('details');
    open('dialog');
    settle();
    browser.go(-2);
    browser.traverse();
    page.followPop();
    expect([closed, browser.at]).toEqual([['dialog', 'details'], 1]);
  });

  test('a layer closed by other means removes its entry, and Forward has no effect', () => {
    const { browser, closed, open, settle, forward } = opened();
    const close = open('dialog');
    settle();
    close();
    close();
    settle();
    expect([closed, browser.at]).toEqual([[], 1]);
    forward();
    expect([closed, browser.at]).toEqual([[], 1]);
  });

  test('when the lower of two layers closes first, one entry remains', () => {
    const { browser, closed, open, settle, back } = opened();
    const close = open('menu');
    open('dialog');
    settle();
    close();
    settle();
    expect(browser.at).toBe(2);
    back();
    expect([closed, browser.at]).toEqual([['dialog'], 1]);
  });

  test('a layer that replaces another in one task causes no traversal', () => {
    const { browser, open, draw, settle, closed, back } = opened();
    const close = open('menu');
    settle();
    close();
    open('dialog');
    draw();
    expect([browser.traverse(), browser.at]).toEqual([false, 2]);
    back();
    expect([closed, browser.at]).toEqual([['dialog'], 1]);
  });
});

describe('concurrent changes', () => {
  test('a layer that opens and closes within a task leaves no entry', () => {
    const { browser, open, settle } = opened();
    open('menu')();
    settle();
    expect(browser.length).toBe(2);
  });

  test('a layer that opens during the traversal of another one gets its own entry', () => {
    const { browser, closed, open, draw, settle, back } = opened();
    const close = open('menu');
    settle();
    close();
    draw();
    open('dialog');
    draw();
    settle();
    expect([browser.at, browser.length, closed]).toEqual([2, 3, []]);
    back();
    expect([closed, browser.at]).toEqual([['dialog'], 1]);
  });

  test('Back during a traversal closes the layer below', () => {
    const { browser, closed, open, draw, settle } = opened();
    open('details');
    const close = open('dialog');
    settle();
    close();
    draw();
    browser.go(-1);
    settle();
    expect([closed, browser.at]).toEqual([['details'], 1]);
  });

  test('a traversal that goes farther than requested closes that many more layers', () => {
    const { browser, page, closed, open, draw, settle } = opened();
    open('details');
    const close = open('dialog');
    settle();
    close();
    draw();
    // The browser merged both traversals.
    browser.at = 1;
    page.followPop();
    expect(closed).toEqual(['details']);
  });

  test('opening and closing a layer a hundred times does not grow the history', () => {
    const { browser, open, draw, settle } = opened();
    for (let time = 0; time < 100; time += 1) {
      const close = open('menu');
      if (time % 3 > 0) draw();
      if (time % 5 === 0) settle();
      close();
      if (time % 2 === 0) draw();
    }
    settle();
    expect(browser.at).toBe(1);
  });
});

describe('a change of the address', () => {
  test('a change of the address is immediate when no layer is open', () => {
    const { page, browser } = opened();
    page.change(() => browser.pushState('conversation'));
    expect(browser.entries.slice(1)).toEqual([null, 'conversation']);
  });

  test("a change of the address from a dialog replaces the dialog's entry", () => {
    const { page, browser, open, settle, back } = opened();
    const close = open('dialog');
    settle();
    page.change(() => browser.pushState({ of: 'conversation' }));
    close();
    settle();
    expect(browser.entries.slice(1)).toEqual([null, { of: 'conversation' }]);
    back();
    expect(browser.at).toBe(1);
  });

  test('a layer that stays open gets an entry above the new address', () => {
    const { page, browser, closed, open, settle, back } = opened();
    open('search');
    settle();
    page.change(() => browser.replaceState({ of: 'conversation' }));
    settle();
    expect(browser.entries.slice(1)).toEqual([{ of: 'conversation' }, { of: 'conversation', layers: 1 }]);
    back();
    expect([closed, browser.at]).toEqual([['search'], 1]);
  });

  test('a change waits for an earlier one that goes back', () => {
    const { page, browser, settle } = opened(new FakeHistory(['site before', 'list', 'conversation']));
    page.change(() => page.back());
    page.change(() => browser.pushState(`from ${String(browser.state)}`));
    settle();
    expect(browser.entries).toEqual(['site before', 'list', 'from list']);
  });

  test('a change that goes back leaves the layers and the address', () => {
    const { page, browser, closed, open, settle } = opened(new FakeHistory(['list', { fromList: true }]));
    const close = open('leave?');
    settle();
    page.change(() => page.back());
    close();
    settle();
    expect([browser.at, closed]).toEqual([0, []]);
  });
});

describe('a reloaded page', () => {
  test('a page reloaded with open layers goes back to the address below them', () => {
    const { page, browser, settle } = opened(new FakeHistory(['list', null, { layers: 1 }, { layers: 2 }]));
    page.start();
    settle();
    expect(browser.at).toBe(1);
  });

  test('a new tab with only the copied state drops the layers', () => {
    const { page, browser } = opened(new FakeHistory([{ fromList: true, layers: 1 }]));
    page.start();
    expect(browser.entries).toEqual([{ fromList: true, layers: 0 }]);
  });

  test('a page reloaded without layers stays at its entry', () => {
    const { page, browser } = opened();
    page.start();
    expect([browser.traverse(), browser.at]).toEqual([false, 1]);
  });
});
