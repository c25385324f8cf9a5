import { PageHistory } from '../../../apps/web/src/app/page-history.js';

declare global {
  interface Window {
    stepBack: () => Promise<readonly string[]>;
  }
}

const pops: (() => void)[] = [];
const nextPop = () => new Promise<void>((done) => pops.push(done));
const later = () => new Promise((done) => setTimeout(done, 0));

/** Opens layers above an address, closes them by Back and by other means, and returns the events in order. */
window.stepBack = async () => {
  const page = new PageHistory(history, (run) => setTimeout(run, 0));
  const events: string[] = [];
  window.addEventListener('popstate', () => {
    page.followPop();
    for (const done of pops.splice(0)) done();
  });
  const say = (what: string) => events.push(`${what}: ${location.hash} ${JSON.stringify(history.state)}`);
  const back = async (delta: number) => {
    const popped = nextPop();
    history.go(delta);
    await popped;
  };
  page.change(() => history.pushState({ fromList: true }, '', '#/c/1'));
  page.openLayer(() => say('details closed'));
  const closeDialog = page.openLayer(() => say('dialog closed'));
  await later();
  say('two layers');
  // Its entry is left while another layer opens.
  const left = nextPop();
  closeDialog();
  await later();
  page.openLayer(() => say('menu closed'));
  await left;
  await later();
  say('menu open');
  await back(-1);
  await back(-1);
  say('conversation');
  // A stale entry lies ahead: it is skipped again.
  const returned = back(1).then(nextPop);
  await returned;
  say('forward');
  await back(-1);
  say('list');
  return events;
};
