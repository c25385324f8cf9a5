/** Serves `dist` of the project and the wire beside it, as any web server in front would. */
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { extname } from 'node:path';
import { createWireServer } from '@everywire/server';

const types = { '.html': 'text/html', '.js': 'text/javascript' };
const http = createServer((request, response) => {
  const path = request.url === '/' ? '/index.html' : request.url;
  try {
    const body = readFileSync(`dist${path}`);
    response.writeHead(200, { 'content-type': types[extname(path)] ?? 'text/plain' }).end(body);
  } catch {
    response.writeHead(404).end();
  }
});
const wire = createWireServer({
  onSession(session) {
    session.onMessage = (data) => session.send(data);
  },
});
wire.attach(http);
http.listen(0, '127.0.0.1', () => console.log('ready', http.address().port));
