/** `npm start`: installs and builds what is not there yet, then runs the server in this process. */
const [major] = process.versions.node.split('.').map(Number);
if (major < 20) {
  console.error(`Everywire needs Node 20 or later, and this is ${process.version}.`);
  process.exit(1);
}
// A URL ends there, and Vite takes paths for URLs.
const unfit = /[#?]/.exec(decodeURIComponent(import.meta.url));
if (unfit) {
  console.error(`everywire: The build cannot work in a path with "${unfit[0]}". Rename or move this directory.`);
  process.exit(1);
}
if (process.env.npm_lifecycle_event === 'start') endWithParent();
// The line of a step that still counts gives way.
const say = (line) => console.log(`${process.stdout.isTTY ? '\r\x1b[K' : ''}everywire: ${line}`);
try {
  const { endWithChildren } = await import('./child-processes.mjs');
  const { chooseNode, startOn } = await import('./choose-node.mjs');
  const giveSignalsBack = endWithChildren();
  const { node, compiles } = await chooseNode(say).catch(explainRefusal);
  if (node === null) await prepare(compiles).catch(explainRefusal);
  giveSignalsBack();
  if (node !== null) startOn(node);
  else await import('../apps/everywire/dist/command.js');
} catch (error) {
  console.error(`everywire: ${error.message}`);
  process.exit(1);
}

async function prepare(compiles) {
  const { installForRunning, installNativeParts, isInstalledForRunning } = await import('./install.mjs');
  const { buildProduct, isProductBuilt } = await import('./build.mjs');
  const { createSteps } = await import('./steps.mjs');
  const step = createSteps(process.stdout);
  if (!isInstalledForRunning()) await step('Installing packages', (onCount) => installForRunning(say, onCount));
  if (compiles) await installNativeParts(say);
  if (!isProductBuilt()) await step('Building the server and the page', () => buildProduct(say));
}

/**
 * A signal to npm ends npm and the shell it runs this in, and the shell passes nothing on: without this the server would go on
 * alone, with the port and the store.
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

/** What is installed and built is only read, by any user. */
function explainRefusal(error) {
  if (!['EACCES', 'EPERM', 'EROFS'].includes(error.code)) throw error;
  throw new Error(
    `${error.path ?? 'This directory'} cannot be written: run npm start once as the owner of this directory.`,
  );
}
