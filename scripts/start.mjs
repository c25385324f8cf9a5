/** `npm start`: installs and builds what is not there yet, then runs the server in this process. */
const [major] = process.versions.node.split('.').map(Number);
if (major < 20) {
  console.error(`Everywire needs Node 20 or later, and this is ${process.version}.`);
  process.exit(1);
}
if (process.env.npm_lifecycle_event === 'start') endWithParent();
const say = (line) => console.log(`everywire: ${line}`);
try {
  const { chooseNode, startOn } = await import('./choose-node.mjs');
  const { node, compiles } = await chooseNode(say);
  if (node !== null) startOn(node);
  else await start(compiles);
} catch (error) {
  console.error(`everywire: ${error.message}`);
  process.exit(1);
}

async function start(compiles) {
  const { installForRunning, installNativeParts, isInstalledForRunning } = await import('./install.mjs');
  const { buildProduct, isProductBuilt } = await import('./build.mjs');
  const { createSteps } = await import('./steps.mjs');
  const step = createSteps(process.stdout);
  if (!isInstalledForRunning()) await step('Installing packages', (onCount) => installForRunning(say, onCount));
  if (compiles) installNativeParts(say);
  if (!isProductBuilt()) await step('Building the server and the page', buildProduct);
  await import('../apps/everywire/dist/command.js');
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
