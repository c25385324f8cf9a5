import { settings } from './settings.js';

/** The parsed command line: a command with its arguments. */
export type CommandLine =
  | { readonly command: 'serve' | 'help' | 'check' | 'migrate' | 'new-epoch' }
  | { readonly command: 'chat'; readonly server: string }
  | { readonly command: 'doctor'; readonly server: string; readonly long: boolean; readonly json: boolean }
  | { readonly command: 'backup'; readonly directory: string }
  | {
      readonly command: 'restore';
      readonly directory: string;
      readonly keepSignIns: boolean;
      readonly takeFiles: boolean;
    }
  /** `reason`: one sentence that names the invalid argument. */
  | { readonly command: 'refused'; readonly reason: string };

/** The commands, one per line, as `--help` and a refused command line show them. */
export const USAGE = `everywire                      Run the server
everywire --new                Run it with an empty store next to the files of another one
everywire --help               Print this page and every setting
everywire chat [URL]           Chat in the terminal, by default at http://localhost:8088
everywire doctor [URL]         Test the connection to a server and say what to change; --long also holds a connection idle, --json prints JSON
everywire check                Check the whole store for damage, while the server runs
everywire backup DIRECTORY     Back up the database and files to a new directory, while the server runs
everywire restore DIRECTORY    Restore a backup into EVERYWIRE_DATA; signs everyone out unless --keep-sign-ins follows; --take-files takes over the files of a lost store
everywire new-epoch            Make all clients load again, after the database was put back to an older state; PostgreSQL only
everywire migrate              Move the SQLite store to the database of EVERYWIRE_POSTGRES, while no server runs
`;

const DEFAULT_SERVER = 'http://localhost:8088';
interface Command {
  /** The accepted arguments, for the error sentence. */
  readonly takes: string;
  /** Parses arguments; returns `null` if they are invalid. */
  readonly parse: (args: readonly string[]) => CommandLine | null;
}

const commands: ReadonlyMap<string, Command> = new Map<string, Command>([
  ['--new', { takes: 'no arguments', parse: (args) => (args.length === 0 ? { command: 'serve' } : null) }],
  ['check', { takes: 'no arguments', parse: (args) => (args.length === 0 ? { command: 'check' } : null) }],
  ['migrate', { takes: 'no arguments', parse: (args) => (args.length === 0 ? { command: 'migrate' } : null) }],
  ['new-epoch', { takes: 'no arguments', parse: (args) => (args.length === 0 ? { command: 'new-epoch' } : null) }],
  ['chat', { takes: `the address of a server (such as ${DEFAULT_SERVER})`, parse: parseChat }],
  ['doctor', { takes: `the address of a server (such as ${DEFAULT_SERVER}), --long and --json`, parse: parseDoctor }],
  ['backup', { takes: 'one directory', parse: parseBackup }],
  ['restore', { takes: 'one directory, then optionally --keep-sign-ins and --take-files', parse: parseRestore }],
]);

/** Parses the arguments. Anything unknown is refused, because a typing error must not start a server. */
export function parseCommandLine(args: readonly string[]): CommandLine {
  if (args.includes('--help') || args.includes('-h')) return { command: 'help' };
  const [name, ...rest] = args;
  if (name === undefined) return { command: 'serve' };
  const command = commands.get(name);
  if (command === undefined)
    return refused(`Everywire has no ${name.startsWith('-') ? 'option' : 'command'} "${name}".`);
  return command.parse(rest) ?? refused(`everywire ${name} takes ${command.takes}, but got ${shownArguments(rest)}.`);
}

function shownArguments(args: readonly string[]): string {
  return args.length === 0 ? 'nothing' : `"${args.join(' ')}"`;
}

function parseChat([server = DEFAULT_SERVER, ...more]: readonly string[]): CommandLine | null {
  const isServer = URL.canParse(server) && /^https?:/.test(server);
  return isServer && more.length === 0 ? { command: 'chat', server } : null;
}

function parseDoctor(args: readonly string[]): CommandLine | null {
  const [server = DEFAULT_SERVER, ...more] = args.filter((one) => one !== '--long' && one !== '--json');
  const isServer = URL.canParse(server) && /^(https?|wss?):/.test(server);
  if (!isServer || more.length > 0) return null;
  return { command: 'doctor', server, long: args.includes('--long'), json: args.includes('--json') };
}

function parseBackup([directory, ...more]: readonly string[]): CommandLine | null {
  return isDirectory(directory) && more.length === 0 ? { command: 'backup', directory } : null;
}

function parseRestore([directory, ...more]: readonly string[]): CommandLine | null {
  const [keepSignIns, takeFiles] = [more.includes('--keep-sign-ins'), more.includes('--take-files')];
  const isComplete = more.length === Number(keepSignIns) + Number(takeFiles);
  return isDirectory(directory) && isComplete ? { command: 'restore', directory, keepSignIns, takeFiles } : null;
}

function isDirectory(argument: string | undefined): argument is string {
  return argument !== undefined && argument !== '' && !argument.startsWith('-');
}

/** Returns the text of `--help`: the commands, and each setting with its values and default. */
export function helpPage(): string {
  const lines = Object.entries(settings).map(([name, { takes, fallback, about }]) => {
    const value = String(fallback);
    return `  ${name}: ${takes}; by default ${value === '' ? 'empty' : value}\n      ${about}\n`;
  });
  const head = 'Settings, in the environment or in everywire.config.json (docs/guides/configuration.md):';
  return `${USAGE}\n${head}\n\n${lines.join('')}`;
}

function refused(reason: string): CommandLine {
  return { command: 'refused', reason };
}
