import { createServer } from 'node:http';
import { expect, it, onTestFinished } from 'vitest';
import { createWireServer } from './create-wire-server.js';
import type { WireServer } from './wire-server.js';

// Tests that calls of the server refuse options that they would otherwise ignore.

function create(): WireServer {
  const wire = createWireServer({ onSession: () => undefined });
  wire.attach(createServer());
  onTestFinished(() => wire.close());
  return wire;
}

it.each([
  [{ exclude: { serial: 1 } }, 'exclude: is not an option; did you mean'],
  [{ class: 'hints' }, 'class: hints: is not an option; did you mean class: hint?'],
  [{ reach: 'nodes' }, 'reach: nodes is not "node"'],
])('publish refuses %o', (options, text) => {
  expect(() => create().publish('news', 'text', options as object)).toThrow(text);
});

it('members, freeze and close refuse unknown options', async () => {
  const wire = create();
  expect(() => wire.members('news', { limits: 1 } as object)).toThrow('limits: is not an option; did you mean limit?');
  const late = { deadlineMS: 1 } as object;
  await expect(wire.freeze(late)).rejects.toThrow('deadlineMS: is not an option; did you mean deadlineMs?');
  await expect(wire.close(late)).rejects.toThrow('deadlineMS: is not an option; did you mean deadlineMs?');
});
