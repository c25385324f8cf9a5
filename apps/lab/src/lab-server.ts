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

/** How often the open pages receive a report. */
const REPORT_MS = 250;

/** Options of `startLab`. */
export interface LabOptions {
  /** The port of the page. The lanes have the following ports. 0 lets the system choose all of them. */
  readonly port: number;
  readonly host: string;
  /** The files by name: `lab.js`, `lab.css`, `lane-frame.js`. */
  readonly files: ReadonlyMap<string, string>;
  /** Returns the port at which a browser reaches a lane that listens at `port`. Needed if a proxy is in front of the lanes. */
  readonly publicPort?: (lane: LaneName, port: number) => Promise<number>;
}

/** A running lab. */
export interface LabServer {
  readonly port: number;
  close(): Promise<void>;
}

/** Starts the lanes and the server of the page that shows them. Rejects if a port is in use. */
export async function startLab({ port, host, files, publicPort }: LabOptions): Promise<LabServer> {
  const readers = new ReportReaders();
  const lanes = new Map<LaneName, Lane>();
  const ports: Partial<Record<LaneName, number>> = {};
  const names = namesOf(host);
  const http = createServer((request, response) => {
    response.setHeader('Cache-Control', 'no-store');
    response.setHeader('X-Content-Type-Options', 'nosniff');
    // Prevents DNS rebinding: a foreign page could point its own name to this machine and become same-origin with the
    // lab.
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

  /**
   * Answers `GET /lanes/NAME/recording?of=SUBJECT`; `undefined` (404) if the server of the lane does not know the
   * session.
   */
  function recordingOf(url: string): object | undefined {
    const [, name, subject = ''] = /^\/lanes\/([a-z-]+)\/recording\?of=([\w-]+)$/.exec(url) ?? [];
    return lanes.get(name as LaneName)?.recordingOf(subject);
  }

  /** Answers `POST /lanes/NAME/FAULT`; a lasting fault has `?on=1` or `?on=0`. */
  async function injure(request: IncomingMessage, response: ServerResponse, path: string): Promise<void> {
    request.resume();
    const [, name, word] = /^\/lanes\/([a-z-]+)\/([a-z-]+)$/.exec(path) ?? [];
    const lane = lanes.get(name as LaneName);
    const lasting = lastingFaults.find((fault) => fault === word);
    const momentary = momentaryFaults.find((fault) => fault === word);
    // Refuses pages of other origins.
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
    response.writeHead(503, { 'Content-Type': 'text/plain' }).end(`The server cannot restart: ${error}`);
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

/** Returns the host name of a request. */
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

/** Returns the page of a lane, which only the lab may show in a frame. */
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

/** Returns the content security policy. Allows inline styles, because uPlot sets sizes by `style` attributes. */
function policyOf(request: IncomingMessage, ports: Partial<Record<LaneName, number>>): string {
  const frames = Object.values(ports).map((port) => `http://${nameIn(request)}:${port}`);
  return `default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; connect-src 'self'; frame-src ${frames.join(' ')}; frame-ancestors 'none'; base-uri 'none'; form-action 'none'`;
}
