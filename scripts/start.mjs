/** `npm start`: installs and builds what is missing, then runs the server in this process. */
// Vite treats paths as URLs, which end at these characters.
const unfit = /[#?]/.exec(decodeURIComponent(import.meta.url));
if (unfit) {
  console.error(`everywire: The build cannot work in a path with "${unfit[0]}". Rename or move this directory.`);
  process.exit(1);
}
if (process.env.npm_lifecycle_event === 'start') endWithParent();
// Overwrites the line of a running step.
const say = (line) => console.log(`${process.stdout.isTTY ? '\r\x1b[K' : ''}everywire: ${line}`);
try {
  const { endWithChildren } = await import('./child-processes.mjs');
  const { chooseNode, startOn } = await import('./choose-node.mjs');
  const giveSignalsBack = endWithChildren();
  const node = await chooseNode(say).catch(explainRefusal);
  if (node === null) await prepare().catch(explainRefusal);
  giveSignalsBack();
  if (node !== null) startOn(node);
  else await import('../apps/everywire/dist/command.js');
} catch (error) {
  console.error(`everywire: ${error.message}`);
  process.exit(1);
}

async function prepare() {
  const { installForRunning, isInstalledForRunning } = await import('./install.mjs');
  const { buildProduct, isProductBuilt } = await import('./build.mjs');
  const { createSteps } = await import('./steps.mjs');
  const step = createSteps(process.stdout);
  if (!isInstalledForRunning()) await step('Installing packages', (onCount) => installForRunning(say, onCount));
  if (!isProductBuilt()) await step('Building the server and the page', () => buildProduct(say));
}

/**
 * Ends this process when its parent ends. A signal to npm ends npm and its shell, but the shell does not forward it;
 * otherwise the server would keep running with the port and the store.
 */
function endWithParent() {
  const parent = process.ppid;
  const watch = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(watch);
    process.kill(process.pid, 'SIGTERM');
  }, 250);
  watch.unref();
}

/** Explains an error of a user who may read the installed and built files, but not write them. */
function explainRefusal(error) {
  if (!['EACCES', 'EPERM', 'EROFS'].includes(error.code)) throw error;
  throw new Error(
    `${error.path ?? 'This directory'} cannot be written: run npm start once as the owner of this directory.`,
  );
}
