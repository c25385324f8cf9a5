import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { hostname, networkInterfaces } from 'node:os';
import { Lane, type ServePage } from './lane.js';
import { ReportReaders } from './report-readers.js';
import {
  type LabReport,
  type LaneName,
  laneNames,
  lastingFaults,
  type MomentaryFault,
  momentaryFaults,
} from './reports.js';

const REPORT_MS = 250;

export interface LabOptions {
  /** Of the page; 0 lets the system choose. The lanes have the ports that follow it, or chosen ones. */
  readonly port: number;
  readonly host: string;
  /** By name: `lab.js`, `lab.css`, `lane-frame.js`. */
  readonly files: ReadonlyMap<string, string>;
  /** The port that the page asks for a lane, where something stands in front of it. */
  readonly publicPort?: (lane: LaneName, port: number) => Promise<number>;
}

export interface LabServer {
  readonly port: number;
  close(): Promise<void>;
}

/** Starts the lanes and the server of the page. */
export async function startLab({ port, host, files, publicPort }: LabOptions): Promise<LabServer> {
  const readers = new ReportReaders();
  const lanes = new Map<LaneName, Lane>();
  const ports: Partial<Record<LaneName, number>> = {};
  const names = namesOf(host);
  const http = createServer((request, response) => {
    response.setHeader('Cache-Control', 'no-store');
    response.setHeader('X-Content-Type-Options', 'nosniff');
    // A page elsewhere may let its own name lead to this machine, and would be of the lab's origin then.
    if (names.has(nameIn(request))) void answer(request, response);
    else response.writeHead(421, { 'Content-Type': 'text/plain' }).end('The lab is at localhost');
  });
  await listen(http, port, host);
  const own = (http.address() as AddressInfo).port;
  for (const [index, name] of laneNames.entries()) {
    const lane = await Lane.start(
      name,
      lanePage(files, own),
      [...names].map((name) => `http://${name}:${own}`),
      port === 0 ? 0 : port + index + 1,
      host,
    );
    lanes.set(name, lane);
    ports[name] = publicPort ? await publicPort(name, lane.port) : lane.port;
  }
  const timer = setInterval(report, REPORT_MS);

  function report(): void {
    if (readers.size === 0) return;
    const reports = Object.fromEntries([...lanes].map(([name, lane]) => [name, lane.report()])) as unknown as LabReport;
    readers.send(reports);
  }

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = (request.url ?? '').split('?', 1)[0] ?? '';
    if (request.method === 'POST') {
      await injure(request, response, path);
      return;
    }
    if (path === '/events') {
      readers.add(response);
      return;
    }
    const recording = recordingOf(request.url ?? '');
    if (recording) {
      response.writeHead(200, { 'Content-Type': 'application/json' }).end(JSON.stringify(recording));
      return;
    }
    const file = path === '/' ? page(ports) : fileOf(files, path.slice(1));
    if (!file || (request.method !== 'GET' && request.method !== 'HEAD')) {
      response.writeHead(404, { 'Content-Type': 'text/plain' }).end('Not found');
      return;
    }
    response
      .writeHead(200, { 'Content-Type': file.type, 'Content-Security-Policy': policyOf(request, ports) })
      .end(file.text);
  }

  /** `GET /lanes/NAME/recording?of=SUBJECT`; 404 where the lane's server knows of no such session. */
  function recordingOf(url: string): object | undefined {
    const [, name, subject = ''] = /^\/lanes\/([a-z-]+)\/recording\?of=([\w-]+)$/.exec(url) ?? [];
    return lanes.get(name as LaneName)?.recordingOf(subject);
  }

  /** `POST /lanes/NAME/FAULT`, of a lasting fault with `?on=1` or `?on=0`. */
  async function injure(request: IncomingMessage, response: ServerResponse, path: string): Promise<void> {
    request.resume();
    const [, name, word] = /^\/lanes\/([a-z-]+)\/([a-z-]+)$/.exec(path) ?? [];
    const lane = lanes.get(name as LaneName);
    const lasting = lastingFaults.find((fault) => fault === word);
    const momentary = momentaryFaults.find((fault) => fault === word);
    // Pages of other origins have no business here.
    if (request.headers.origin !== `http://${request.headers.host}`) response.writeHead(403).end();
    else if (lane && momentary) await letHappen(lane, momentary, response);
    else if (lane && lasting) {
      lane.setFault(lasting, request.url?.endsWith('?on=1') ?? false);
      response.writeHead(204).end();
    } else response.writeHead(404).end();
  }

  return {
    port: own,
    close: async () => {
      clearInterval(timer);
      http.closeAllConnections();
      const closed = new Promise<void>((resolve) => http.close(() => resolve()));
      await Promise.all([...lanes.values()].map((lane) => lane.close()));
      await closed;
    },
  };
}

async function letHappen(lane: Lane, fault: MomentaryFault, response: ServerResponse): Promise<void> {
  try {
    await lane.happen(fault);
    response.writeHead(204).end();
  } catch (error) {
    response.writeHead(503, { 'Content-Type': 'text/plain' }).end(`The server cannot start again: ${error}`);
  }
}

/** Returns the accepted host names of the lab's page on this machine, as in a URL. */
function namesOf(host: string): ReadonlySet<string> {
  const addresses = Object.values(networkInterfaces()).flatMap((each) => each ?? []);
  const names = ['localhost', '127.0.0.1', '::1', host, hostname(), ...addresses.map(({ address }) => address)];
  return new Set(
    names.map((name) => (name.includes(':') ? `[${name.replace(/%.*/, '')}]` : name)).map((name) => name.toLowerCase()),
  );
}

/** Returns the name by which a request asks for the lab. */
function nameIn({ headers }: IncomingMessage): string {
  return (headers.host ?? '').replace(/:\d+$/, '').toLowerCase();
}

function listen(http: Server, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    http.once('error', reject);
    http.listen(port, host, resolve);
  });
}

function page(ports: object): { readonly type: string; readonly text: string } {
  const text = `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Everywire lab</title>
<link rel="stylesheet" href="/lab.css">
</head>
<body>
<div id="lab" data-ports='${JSON.stringify(ports)}'></div>
<script type="module" src="/lab.js"></script>
</body>
</html>
`;
  return { type: 'text/html; charset=utf-8', text };
}

/** Its frame may be shown by the lab alone. */
function lanePage(files: ReadonlyMap<string, string>, labPort: number): ServePage {
  const policy = `<meta name="lab-port" content="${labPort}">`;
  const text = `<!DOCTYPE html><html lang="en"><head><meta charset="utf-8">${policy}<title>A lane</title></head><body><script type="module" src="/lane-frame.js"></script></body></html>`;
  return (path) => (path === '/' ? { type: 'text/html; charset=utf-8', text } : fileOf(files, path.slice(1)));
}

const types: Readonly<Record<string, string>> = {
  js: 'text/javascript; charset=utf-8',
  css: 'text/css; charset=utf-8',
};

function fileOf(
  files: ReadonlyMap<string, string>,
  name: string,
): { readonly type: string; readonly text: string } | undefined {
  const text = files.get(name);
  const type = types[name.split('.').at(-1) ?? ''];
  return text !== undefined && type !== undefined ? { type, text } : undefined;
}

/** uPlot sets sizes by `style` attributes, which CSP calls inline. */
function policyOf(request: IncomingMessage, ports: Partial<Record<LaneName, number>>): string {
  const frames = Object.values(ports).map((port) => `http://${nameIn(request)}:${port}`);
  return `default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; connect-src 'self'; frame-src ${frames.join(' ')}; frame-ancestors 'none'; base-uri 'none'; form-action 'none'`;
}
