import { describe, expect, test } from 'vitest';
import { FakeHistory } from '../test-kit/fake-history.js';
import { PageHistory } from './page-history.js';

/** A page over a history in memory. `closed` names the layers that Back has closed. */
function opened(browser = new FakeHistory()) {
  const tasks: (() => void)[] = [];
  const page = new PageHistory(browser, (run) => tasks.push(run));
  const closed: string[] = [];
  const open = (name: string) => page.openLayer(() => closed.push(name));
  /** Runs the tasks that wait, without any traversal. */
  const draw = () => {
    for (const run of tasks.splice(0)) run();
  };
  /** Runs tasks and traversals until nothing is left to do. */
  const settle = () => {
    for (let steps = 0; steps < 50; steps += 1) {
      draw();
      if (browser.traverse()) page.followPop();
      else if (tasks.length === 0) return;
    }
    throw new Error('the history does not come to rest');
  };
  const step = (delta: number) => {
    browser.go(delta);
    settle();
  };
  return { browser, page, closed, open, draw, settle, back: () => step(-1), forward: () => step(1) };
}

describe('a layer', () => {
  test('has an entry of its own, which keeps the state of the address, and Back closes it', () => {
    const { browser, closed, open, settle, back } = opened(new FakeHistory(['site before', { fromList: true }]));
    open('dialog');
    settle();
    expect(browser.entries.slice(1)).toEqual([{ fromList: true }, { fromList: true, layers: 1 }]);
    back();
    expect([closed, browser.at]).toEqual([['dialog'], 1]);
  });

  test('above another one is closed alone, and before it', () => {
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

  test('two steps back at once close two layers, the topmost first', () => {
    const { browser, page, closed, open, settle } = opened();
    open('details');
    open('dialog');
    settle();
    browser.go(-2);
    browser.traverse();
    page.followPop();
    expect([closed, browser.at]).toEqual([['dialog', 'details'], 1]);
  });

  test('that closes by other means takes its entry away, and Forward leads nowhere', () => {
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

  test('below another one leaves one entry when it closes first', () => {
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

  test('that replaces another in one task costs no traversal', () => {
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

describe('races', () => {
  test('a layer that opens and closes before a task runs leaves no entry', () => {
    const { browser, open, settle } = opened();
    open('menu')();
    settle();
    expect(browser.length).toBe(2);
  });

  test('a layer that opens while the entry of another is being left gets one of its own', () => {
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

  test('Back that comes while an entry is being left closes the layer below', () => {
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

  test('a traversal that goes farther than was asked closes as many layers more', () => {
    const { browser, page, closed, open, draw, settle } = opened();
    open('details');
    const close = open('dialog');
    settle();
    close();
    draw();
    // The browser has made one of both.
    browser.at = 1;
    page.followPop();
    expect(closed).toEqual(['details']);
  });

  test('opened and closed a hundred times, the history is where it was', () => {
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
  test('is made immediately where nothing is open', () => {
    const { page, browser } = opened();
    page.change(() => browser.pushState('conversation'));
    expect(browser.entries.slice(1)).toEqual([null, 'conversation']);
  });

  test('from a dialog takes the place of the entry of the dialog', () => {
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

  test('under a layer that stays open gives it an entry above the new address', () => {
    const { page, browser, closed, open, settle, back } = opened();
    open('search');
    settle();
    page.change(() => browser.replaceState({ of: 'conversation' }));
    settle();
    expect(browser.entries.slice(1)).toEqual([{ of: 'conversation' }, { of: 'conversation', layers: 1 }]);
    back();
    expect([closed, browser.at]).toEqual([['search'], 1]);
  });

  test('waits for one before it that goes back', () => {
    const { page, browser, settle } = opened(new FakeHistory(['site before', 'list', 'conversation']));
    page.change(() => page.back());
    page.change(() => browser.pushState(`from ${String(browser.state)}`));
    settle();
    expect(browser.entries).toEqual(['site before', 'list', 'from list']);
  });

  test('that goes back leaves the layers above the address and the address', () => {
    const { page, browser, closed, open, settle } = opened(new FakeHistory(['list', { fromList: true }]));
    const close = open('leave?');
    settle();
    page.change(() => page.back());
    close();
    settle();
    expect([browser.at, closed]).toEqual([0, []]);
  });
});

describe('a page that is loaded again', () => {
  test('with layers goes back to the address below them', () => {
    const { page, browser, settle } = opened(new FakeHistory(['list', null, { layers: 1 }, { layers: 2 }]));
    page.start();
    settle();
    expect(browser.at).toBe(1);
  });

  test('in a new tab that has the state alone drops it', () => {
    const { page, browser } = opened(new FakeHistory([{ fromList: true, layers: 1 }]));
    page.start();
    expect(browser.entries).toEqual([{ fromList: true, layers: 0 }]);
  });

  test('without layers stays where it is', () => {
    const { page, browser } = opened();
    page.start();
    expect([browser.traverse(), browser.at]).toEqual([false, 1]);
  });
});
