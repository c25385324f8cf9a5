import { bundlePage } from './bundle-page.js';
import { startLab } from './lab-server.js';

const DEFAULT_PORT = 8088;
const host = process.env['HOST'] ?? '127.0.0.1';
const port = Number(process.env['PORT'] ?? DEFAULT_PORT);

try {
  if (!(Number.isInteger(port) && port >= 0 && port < 65_500))
    throw new Error(`PORT ${process.env['PORT']} is not a port below 65500`);
  const lab = await startLab({ port, host, files: await bundlePage() });
  console.log(
    `the lab: http://${host === '127.0.0.1' ? 'localhost' : host}:${lab.port}/ (its lanes use the next ten ports)`,
  );
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void lab.close());
} catch (error) {
  const { code, port: taken, message } = error as NodeJS.ErrnoException & { port?: number };
  console.error(code === 'EADDRINUSE' ? `Port ${taken} is in use. PORT=9100 npm run lab takes others.` : message);
  process.exit(1);
}
