import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '../..');
let folder: string;

beforeEach(() => {
  // Inside the repository, so that the packages resolve to their built types, as in a user's project.
  mkdirSync(join(root, '.cache'), { recursive: true });
  folder = mkdtempSync(join(root, '.cache/types-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Compiles one file of a user's strict project. Returns the errors, or an empty string. */
function compile(source: string, lib: string): string {
  writeFileSync(join(folder, 'program.ts'), source);
  const options = [
    '--ignoreConfig',
    '--noEmit',
    '--strict',
    '--skipLibCheck',
    'false',
    '--module',
    'nodenext',
    '--target',
    'es2022',
  ];
  try {
    const compiler = join(root, 'node_modules/typescript/bin/tsc');
    execFileSync(process.execPath, [compiler, ...options, '--lib', lib, '--types', 'node', 'program.ts'], {
      cwd: folder,
    });
    return '';
  } catch (error) {
    return String((error as { stdout: Buffer }).stdout);
  }
}

/** A program that uses the whole interface of the client. */
const program = `
import { createWireClient, type Status } from '@everywire/client';
const wire = createWireClient('http://localhost/everywire');
const onStatus = (): void => { const status: Status = wire.status; console.log(status.state); };
wire.addEventListener('statuschange', onStatus);
wire.removeEventListener('statuschange', onStatus);
wire.addEventListener('message', ({ data }) => console.log(data), { once: true });
wire.addEventListener('close', ({ code, reason, wasClean }) => console.log(code + 1, reason, wasClean));
wire.onopen = wire.onerror = wire.onstatuschange = wire.ondrain = () => undefined;
wire.onreset = ({ data }) => console.log(data.length);
wire.onrefused = ({ code, number }) => console.log(code, number + 1);
`;

describe('the types of the client', { timeout: 240_000 }, () => {
  it('compile in a project for Node, without the DOM library, and with library checks', () => {
    expect(compile(program, 'es2023')).toBe('');
  });

  it('accept listeners with DOM types, and their removal', () => {
    const source = `${program}
const listener = (event: MessageEvent): void => console.log(event.data, event.origin);
wire.addEventListener('message', listener);
wire.removeEventListener('message', listener);
wire.onmessage = listener;
wire.onclose = (event: CloseEvent) => console.log(event.code);
`;
    expect(compile(source, 'es2023,dom')).toBe('');
  });

  it.each(['addEventListener', 'removeEventListener'])('refuse an unknown event name in %s', (name) => {
    expect(compile(`${program}\nwire.${name}('mesage', onStatus);`, 'es2023')).toContain('"mesage"');
  });
});
