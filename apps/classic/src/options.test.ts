import { expect, it } from 'vitest';
import { readOptions } from './options.js';

it('without options the servers are where tutorials expect them', () => {
  expect(readOptions([], {})).toEqual({
    port: 8088,
    webSocketPorts: [9998, 8081],
    host: '127.0.0.1',
    origin: 'http://localhost',
    intervalMs: 2000,
    variants: new Set(),
  });
});

it('every option is taken, and no further port may be wanted', () => {
  const args = ['--interval', '50', '--origin', 'https://a.test:8', '--ws-ports', '', '--host', '0.0.0.0'];
  expect(readOptions([...args, '--classic', 'htmlfile', '--classic', 'long-polling'], { PORT: '0' })).toEqual({
    port: 0,
    webSocketPorts: [],
    host: '0.0.0.0',
    origin: 'https://a.test:8',
    intervalMs: 50,
    variants: new Set(['htmlfile', 'long-polling']),
  });
});

it('a wrong option is refused with its name', () => {
  const wrong: [readonly string[], string?][] = [
    [['--interval', '5']],
    [['--interval', 'fast']],
    [['--origin', 'localhost']],
    [['--ws-ports', '70000']],
    [['--classic', 'comet']],
    [['--pace', '1']],
    [[], 'web'],
  ];
  const said = wrong.map(([args, port]) => {
    try {
      readOptions(args, { PORT: port });
      return null;
    } catch (error) {
      return (error as Error).message;
    }
  });
  expect(said).toEqual([
    '--interval 5 is not a number from 10 to 60000',
    '--interval fast is not a number from 10 to 60000',
    '--origin localhost is not an origin such as http://localhost:3000',
    '--ws-ports 70000 is not a number from 0 to 65535',
    '--classic comet is neither of long-polling, htmlfile',
    expect.stringContaining("Unknown option '--pace'"),
    'PORT web is not a number from 0 to 65535',
  ]);
});
