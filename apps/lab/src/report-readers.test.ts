import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { expect, it } from 'vitest';
import { ReportReaders } from './report-readers.js';

it('the lab buffers nothing for a page that does not read', async () => {
  const readers = new ReportReaders();
  const http = createServer((_request, response) => readers.add(response)).listen(0, '127.0.0.1');
  await once(http, 'listening');
  const socket = connect((http.address() as AddressInfo).port, '127.0.0.1').pause();
  socket.write('GET / HTTP/1.1\r\nHost: lab\r\n\r\n');
  const [, response] = (await once(http, 'request')) as [unknown, ServerResponse];
  const report = { text: 'x'.repeat(1 << 20) };
  for (let number = 0; number < 100; number++) readers.send(report);
  expect(response.writableLength).toBeLessThan(3 << 20);
  socket.destroy();
  await once(response, 'close');
  expect(readers.size).toBe(0);
  http.close();
});
