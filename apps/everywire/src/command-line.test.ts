import { expect, test } from 'vitest';
import { helpPage, parseCommandLine } from './command-line.js';
import { settings } from './settings.js';

test.each([
  [[], { command: 'serve' }],
  [['--new'], { command: 'serve' }],
  [['--help'], { command: 'help' }],
  [['backup', '-h'], { command: 'help' }],
  [['check'], { command: 'check' }],
  [['chat'], { command: 'chat', server: 'http://localhost:8088' }],
  [['chat', 'https://chat.example.org'], { command: 'chat', server: 'https://chat.example.org' }],
  [['doctor'], { command: 'doctor', server: 'http://localhost:8088', long: false, json: false }],
  [
    ['doctor', '--json', 'https://chat.example.org', '--long'],
    { command: 'doctor', server: 'https://chat.example.org', long: true, json: true },
  ],
  [['backup', 'saved'], { command: 'backup', directory: 'saved' }],
  [['restore', 'saved'], { command: 'restore', directory: 'saved', keepSignIns: false, takeFiles: false }],
  [
    ['restore', 'saved', '--take-files', '--keep-sign-ins'],
    { command: 'restore', directory: 'saved', keepSignIns: true, takeFiles: true },
  ],
  [
    ['restore', 'saved', '--keep-sign-ins'],
    { command: 'restore', directory: 'saved', keepSignIns: true, takeFiles: false },
  ],
])('parses the arguments %j', (args, expected) => {
  expect(parseCommandLine(args)).toEqual(expected);
});

test.each([
  [['--port', '80'], 'Everywire has no option "--port".'],
  [['serve'], 'Everywire has no command "serve".'],
  [['--new', '--port=80'], 'everywire --new takes no arguments, but got "--port=80".'],
  [['check', 'all'], 'everywire check takes no arguments, but got "all".'],
  [
    ['chat', 'example'],
    'everywire chat takes the address of a server (such as http://localhost:8088), but got "example".',
  ],
  [
    ['doctor', '--fast'],
    'everywire doctor takes the address of a server (such as http://localhost:8088), --long and --json, but got "--fast".',
  ],
  [['backup'], 'everywire backup takes one directory, but got nothing.'],
  [['backup', '--all'], 'everywire backup takes one directory, but got "--all".'],
  [
    ['restore', 'a', 'b'],
    'everywire restore takes one directory, then optionally --keep-sign-ins and --take-files, but got "a b".',
  ],
])('refuses the arguments %j with a sentence that names them', (args, reason) => {
  expect(parseCommandLine(args)).toEqual({ command: 'refused', reason });
});

test('the help page names each command and each setting with its default', () => {
  const page = helpPage();
  for (const name of Object.keys(settings)) expect(page).toContain(`  ${name}: `);
  expect(page).toContain('  PORT: a whole number from 0 to 65535; by default 8088\n');
  expect(page).toContain('everywire backup DIRECTORY');
});
