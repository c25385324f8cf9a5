/** `npm start`: installs and builds what is not there yet, then runs the server in this process. */
const [major] = process.versions.node.split('.').map(Number);
if (major < 20) {
  console.error(`Everywire needs Node 20 or later, and this is ${process.version}.`);
  process.exit(1);
}
const say = (line) => console.log(`everywire: ${line}`);
try {
  const { install } = await import('./install.mjs');
  install(say);
  const { build, isBuilt } = await import('./build.mjs');
  if (!isBuilt()) {
    say('Building the server and the page');
    build();
  }
} catch (error) {
  console.error(`everywire: ${error.message}`);
  process.exit(1);
}
if (process.env.npm_lifecycle_event === 'start') endWithParent();
await import('../apps/everywire/dist/main.js');

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
