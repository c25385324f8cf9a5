#!/usr/bin/env node
/** `everywire` runs the server; its other commands are in `command-line.ts`. */
import module from 'node:module';
import { fileURLToPath } from 'node:url';
import { helpPage, parseCommandLine, USAGE } from './command-line.js';

// The compile cache saves a sixth of the start time. It is next to the program, where only users who may change the
// program can write. An unwritable directory disables it. On an older Node, the store reports what it needs.
module.enableCompileCache?.(fileURLToPath(new URL('.compile-cache', import.meta.url)));

// The program that reads the output may have ended (`| head`, a restarting supervisor). The server continues without
// it.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);

const line = parseCommandLine(process.argv.slice(2));

switch (line.command) {
  case 'serve':
    await import('./serve.js');
    break;
  case 'help':
    process.stdout.write(helpPage());
    break;
  case 'chat': {
    const { runChat } = await import('./chat/run-chat.js');
    process.exit(await runChat(new URL(line.server).origin));
    break;
  }
  case 'doctor': {
    const { runDoctor } = await import('./doctor.js');
    process.exit(await runDoctor(line));
    break;
  }
  case 'check': {
    const { runCheckCommand } = await import('./check.js');
    process.exit(await runCheckCommand());
    break;
  }
  case 'backup': {
    const { runBackupCommand } = await import('./backup.js');
    process.exit(await runBackupCommand(line.directory));
    break;
  }
  case 'restore': {
    const { runRestoreCommand } = await import('./backup.js');
    process.exit(await runRestoreCommand(line.directory, line));
    break;
  }
  case 'migrate': {
    const { runMigrateCommand } = await import('./migrate.js');
    process.exit(await runMigrateCommand());
    break;
  }
  case 'new-epoch': {
    const { runNewEpochCommand } = await import('./new-epoch.js');
    process.exit(await runNewEpochCommand());
    break;
  }
  case 'refused':
    process.stderr.write(`${line.reason}\n\n${USAGE}`);
    process.exitCode = 2;
}
