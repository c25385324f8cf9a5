#!/usr/bin/env node
/** `everywire` runs the server; its other commands are named below. */
const usage = `everywire                      runs the server
everywire chat [URL]           talks on a terminal, by default at http://localhost:8088
everywire backup DIRECTORY     copies store and files to a new directory, while the server runs
everywire restore DIRECTORY    makes a new store of such a copy where EVERYWIRE_DATA says
`;
const [name, argument, ...more] = process.argv.slice(2);

if (name === undefined) {
  await import('./main.js');
} else if (name === 'chat' && more.length === 0 && isServer(argument)) {
  const { runChat } = await import('./chat/run-chat.js');
  process.exit(await runChat(new URL(argument ?? 'http://localhost:8088').origin));
} else if ((name === 'backup' || name === 'restore') && argument !== undefined && more.length === 0) {
  const { runBackupCommand } = await import('./backup.js');
  process.exit(await runBackupCommand(name, argument));
} else {
  process.stderr.write(usage);
  process.exit(2);
}

function isServer(url: string | undefined): boolean {
  return url === undefined || (URL.canParse(url) && /^https?:/.test(url));
}
