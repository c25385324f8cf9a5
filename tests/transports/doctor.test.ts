import { readFileSync } from 'node:fs';
import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { describe as describeReport, examine, type FindingCode, type Report } from '@everywire/client/doctor';
import { createWireServer, type WireServer } from '@everywire/server';
import {
  createNetworkPath,
  createRandom,
  createTestAuthority,
  drawRules,
  openPath,
  type PathName,
  type PathRules,
  pathNames,
} from '@everywire/testkit';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { wideUnless } from '../lane.js';

/** The expected findings of the doctor, a tool that examines a network, for each simulated network. */
const named: Record<(typeof pathNames)[number], readonly FindingCode[]> = {
  'WebSocket refused': ['websocket_refused'],
  'Upgrade stripped': ['websocket_stripped'],
  'WebSocket dies': ['websocket_dies'],
  'WebSocket swallows': ['websocket_silent'],
  'responses buffered': ['stream_buffered'],
  'beginnings lost or late': ['stream_gathered', 'stream_beheaded'],
  'large requests refused': ['body_limited'],
  'connections exhausted': ['few_connections'],
  'requests replayed': ['posts_replayed'],
};

let http: Server;
let wire: WireServer;
let sessions = 0;
const closers: (() => unknown)[] = [];

async function listen(server: Server): Promise<number> {
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return (server.address() as AddressInfo).port;
}

/** Serves something that is not a wire server. */
function serveOther(listener: RequestListener): Promise<string> {
  return serve(createServer(listener));
}

async function serve(own: Server): Promise<string> {
  closers.push(() => own.closeAllConnections());
  closers.push(() => own.close());
  return `http://127.0.0.1:${await listen(own)}`;
}

/** Lets the doctor examine a simulated network. */
async function examineThrough(rules: Partial<PathRules>, quietMs = 0): Promise<Report> {
  const path = await createNetworkPath((http.address() as AddressInfo).port, { ...openPath(), ...rules });
  try {
    return await examine(`http://127.0.0.1:${path.port}/everywire`, { quietMs });
  } finally {
    await path.close();
  }
}

/** Returns the rules of a network with these faults. The seed determines their parameters. */
function rulesOf(names: readonly PathName[], seed: number): Partial<PathRules> {
  const random = createRandom(seed);
  return Object.assign({}, ...names.map((name) => drawRules(name, random)));
}

const read = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');
const codesIn = (path: string, pattern: RegExp): readonly string[] =>
  [...read(path).matchAll(pattern)].map(([, code]) => code as string);

const codesOf = ({ findings }: Report): readonly FindingCode[] => findings.map(({ code }) => code);

beforeAll(async () => {
  http = createServer((_request, answer) => answer.writeHead(404).end());
  wire = createWireServer({ onSession: () => void sessions++ });
  wire.attach(http);
  await listen(http);
});

afterEach(() => {
  for (const close of closers.splice(0)) close();
});

afterAll(async () => {
  await wire.close({ deadlineMs: 0 });
  http.closeAllConnections();
  http.close();
});

const seeds = [9, 1, 4, 5, 7, 11];

describe.concurrent.each(seeds)('the doctor names what a network does, seed %i:', (seed) => {
  const options = { timeout: 120_000, tags: wideUnless(seed === seeds[0]) };

  it.each(pathNames)('%s', options, async (name) => {
    const rules = rulesOf([name], seed);
    const report = await examineThrough(rules);
    const about = `${JSON.stringify(rules)}: ${JSON.stringify(report)}`;
    expect(report.outcome, about).toBe('hindered');
    expect(codesOf(report).length, about).toBe(1);
    expect(named[name], about).toContain(codesOf(report)[0]);
  });
});

describe.concurrent('the doctor', () => {
  const pairs = pathNames
    .slice(0, 7)
    .flatMap((one, at) => pathNames.slice(at + 1, 7).map((other) => [one, other] as const));

  it.each(pairs)(
    'the doctor names one of two faults that occur together: %s, %s',
    { timeout: 120_000, tags: ['wide'] },
    async (one, other) => {
      const report = await examineThrough(rulesOf([one, other], 3));
      expect(
        codesOf(report).some((code) => [...named[one], ...named[other]].includes(code)),
        JSON.stringify(report),
      ).toBe(true);
    },
  );

  it('the doctor names a network that cuts idle connections, if it may hold one', { timeout: 120_000 }, async () => {
    const report = await examineThrough({ idleMs: 1500 }, 3000);
    expect(codesOf(report)).toEqual(['idle_cut']);
  });

  it.each(['page', 'redirect', 'status'] as const)(
    'the doctor reports that a network wants a sign-in, by a %s',
    async (portal) => {
      const report = await examineThrough({ portal });
      expect(report).toMatchObject({ outcome: 'blocked', transport: null, roundTripMs: null });
      expect(codesOf(report)).toEqual(['sign_in_page']);
      expect(report.tookMs).toBeLessThan(5000);
    },
  );

  it('the doctor reports a proxy that decrypts the traffic', async () => {
    const authority = createTestAuthority();
    const own = createTlsServer(authority.issue(), (_asked, answer) => answer.end());
    try {
      const report = await examine(`https://127.0.0.1:${await listen(own)}/everywire`);
      expect(report.outcome).toBe('blocked');
      expect(codesOf(report)).toEqual(['tls_untrusted']);
      expect(report.tookMs).toBeLessThan(5000);
    } finally {
      own.close();
      authority.close();
    }
  });

  it('the doctor finds nothing on a network without faults', async () => {
    const report = await examineThrough({}, 1000);
    const all = { reach: 'passed', webSocket: 'passed', stream: 'passed', requests: 'passed', idle: 'passed' };
    expect(sessions).toBe(0);
    expect(report).toMatchObject({ outcome: 'clear', transport: 'websocket', checks: all, findings: [] });
  });

  /** Checks that nothing is found in this many runs. */
  async function findNothing(runs: number, rules: Partial<PathRules>): Promise<void> {
    for (let run = 0; run < runs; run += 10) {
      const reports = await Promise.all(Array.from({ length: Math.min(10, runs - run) }, () => examineThrough(rules)));
      expect(reports.flatMap(({ findings }) => findings)).toEqual([]);
    }
  }

  it.each([
    ['clean', {}],
    ['slow', { delayMs: 150 }],
  ])('the doctor finds nothing in 50 of 50 runs on a %s path', { timeout: 600_000, tags: ['wide'] }, (_what, rules) =>
    findNothing(50, rules),
  );

  it('the doctor finds nothing in 50 of 50 runs at a busy server', { timeout: 600_000, tags: ['wide'] }, async () => {
    // The server and the doctor share this thread: both are late.
    const busy = setInterval(() => {
      for (const until = performance.now() + 25; performance.now() < until; );
    }, 40);
    try {
      await findNothing(50, {});
    } finally {
      clearInterval(busy);
    }
  });

  it('the doctor finds nothing on a slow path', { timeout: 120_000 }, async () => {
    expect((await examineThrough({ delayMs: 150 })).findings).toEqual([]);
  });
});

describe("the doctor's findings about an address", () => {
  const page: RequestListener = (_asked, answer) =>
    answer.setHeader('content-type', 'text/html').end('<!doctype html><p>Hello');

  it('the doctor reports that nothing listens at the address', async () => {
    const url = await serveOther(page);
    for (const close of closers.splice(0)) close();
    expect(codesOf(await examine(`${url}/everywire`))).toEqual(['port_closed']);
  });

  it('the doctor reports that no wire server is attached to the HTTP server', async () => {
    const url = await serveOther((_asked, answer) => answer.writeHead(404).end());
    expect(codesOf(await examine(`${url}/chat`))).toEqual(['not_attached']);
  });

  it('the doctor reports that the server is older than the doctor', async () => {
    const text = JSON.stringify({ code: 'not_found', text: 'No such endpoint.' });
    const url = await serveOther((_asked, answer) => answer.writeHead(404).end(text));
    expect(codesOf(await examine(`${url}/everywire`))).toEqual(['no_doctor']);
  });

  it('the doctor reports the path of the server', async () => {
    const url = `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
    const { findings } = await examine(`${url}/chat`);
    expect(findings).toEqual([{ code: 'wrong_path', evidence: { server: `${url}/everywire` } }]);
  });

  it('the doctor reports that a proxy does not reach the server behind it', async () => {
    const url = await serveOther((_asked, answer) => answer.writeHead(502).end());
    expect(codesOf(await examine(`${url}/everywire`))).toEqual(['gateway']);
  });

  it.each([
    [404, 'not_attached'],
    [403, 'method_refused'],
  ] as const)(
    'the doctor identifies a server within about 5 s, though each answer takes 3 s: %i',
    { timeout: 60_000 },
    async (status, code) => {
      const timers = new Set<NodeJS.Timeout>();
      closers.push(() => timers.forEach(clearTimeout));
      const server = createServer((_request, answer) =>
        timers.add(setTimeout(() => answer.writeHead(status).end(), 3000)),
      );
      // A WebSocket is not refused but left waiting.
      server.on('upgrade', (_asked, socket) => closers.push(() => socket.destroy()));
      const report = await examine(`${await serve(server)}/chat`);
      expect(codesOf(report)).toEqual([code]);
      // All its steps to the end would take 12 s.
      expect(report.tookMs).toBeLessThan(8000);
    },
  );

  it('the doctor reports where the server has moved', async () => {
    const url = await serveOther((asked, answer) => answer.writeHead(301, { location: `/new${asked.url}` }).end());
    const { findings } = await examine(`${url}/everywire`);
    expect(findings).toEqual([{ code: 'redirected', evidence: { to: `${url}/new/everywire` } }]);
  });

  it('the doctor reports that the server has no TLS', async () => {
    const url = await serveOther(page);
    expect(codesOf(await examine(`${url.replace('http:', 'https:')}/everywire`))).toEqual(['tls_missing']);
  });

  it.each([
    [421, 'host_unknown'],
    [503, 'closing'],
    [503, 'busy'],
  ] as const)("the doctor reports the server's own reason: %i %s", async (status, code) => {
    const url = await serveOther((_asked, answer) =>
      answer.writeHead(status).end(JSON.stringify({ code, text: 'Words.' })),
    );
    expect(codesOf(await examine(`${url}/everywire`))).toEqual([code]);
  });

  it("the doctor's report contains no secrets, because an address with any is refused", () => {
    const url = `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
    for (const address of [`${url.replace('//', '//somebody:password@')}/everywire`, `${url}/everywire?token=secret`])
      expect(() => examine(address)).toThrow(new TypeError('url: path only'));
  });
});

describe('a report in text form', () => {
  it('the report has every code that the guides explain', () => {
    const words = codesIn('packages/client/src/doctor/words/en.ts', /^ {2}(\w+): \(.*=> \(/gm);
    for (const guide of ['doctor.md', 'doctor.zh.md']) {
      const rows = read(`docs/guides/${guide}`)
        .split('\n')
        .filter((line) => line.startsWith('| `'));
      const documented = rows.flatMap((row) =>
        [...(row.split('|')[1] as string).matchAll(/`(\w+)`/g)].map(([, code]) => code),
      );
      expect(documented.toSorted(), guide).toEqual(words.toSorted());
    }
  });

  it.each(['en', 'zh'] as const)('the report states what is wrong and what to change, in %s', async (language) => {
    const report = await examineThrough({ webSocket: 'refused' });
    const { summary, findings } = describeReport(report, language);
    expect(summary).toMatch(/by streaming|（流式响应）/);
    expect(findings[0]!.what).toContain('403');
    expect(findings[0]!.change.join()).toContain('proxy_set_header Upgrade $http_upgrade');
  });
});
