import { type ClassicServer, createClassicServer, createEchoServer } from './classic-server.js';
import { OptionError, readOptions, USAGE } from './options.js';

const options = read();
if (options) {
  const servers: ClassicServer[] = [];
  const main = createClassicServer(options);
  /** The servers, their ports, and what to call them in the output. */
  const ports: [ClassicServer, number, string][] = [
    [main, options.port, 'the classic examples'],
    ...options.webSocketPorts.map((port): [ClassicServer, number, string] => [
      createEchoServer(),
      port,
      'the WebSocket echo',
    ]),
  ];
  for (const [server, port, what] of ports) if (await listen(server, port, what, options.host)) servers.push(server);
  if (servers.length === 0) process.exitCode = 1;
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      for (const server of servers) server.close();
    });
  }
}

function read(): ReturnType<typeof readOptions> {
  try {
    const read = readOptions(process.argv.slice(2), process.env);
    if (!read) console.log(USAGE);
    return read;
  } catch (error) {
    if (!(error instanceof OptionError)) throw error;
    console.error(`${error.message}\n\n${USAGE}`);
    process.exitCode = 2;
    return null;
  }
}

/**
 * Starts a server and prints its address. Returns `false` and prints the reason if it cannot listen. The other servers run
 * anyway.
 */
function listen({ http }: ClassicServer, port: number, what: string, host: string): Promise<boolean> {
  return new Promise((resolve) => {
    http.once('error', (error: NodeJS.ErrnoException) => {
      const why = error.code === 'EADDRINUSE' ? 'the port is in use' : error.message;
      console.error(`${what} cannot listen at ${host}:${port}: ${why}`);
      resolve(false);
    });
    http.listen(port, host, () => {
      const address = http.address();
      const url = `http://${host.includes(':') ? `[${host}]` : host}:${typeof address === 'object' ? address?.port : port}`;
      console.log(`${what}: ${url}/`);
      resolve(true);
    });
  });
}
