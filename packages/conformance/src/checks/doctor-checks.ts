import { type Check, check } from '../check.js';
import type { Examiner } from '../examiner.js';
import { HttpAnswer, requestBytes } from '../http-exchange.js';
import { expectEqual, expectThat } from '../mismatch.js';

const needs = { needs: 'doctor' };

let asked = 0;
/** Returns an id that no other request uses, not even one of an earlier run. */
const newId = (): string => `conformance-${process.pid}-${Date.now()}-${asked++}`;

/** Posts one body to the doctor endpoint and returns the status and the answer. */
async function askDoctor(x: Examiner, body: object | string): Promise<readonly [status: number, answer: unknown]> {
  const answer = await x.request({ method: 'POST', name: 'doctor', body });
  return [answer.status, await answer.json()];
}

/** Checks of TR-50 in `docs/spec/transports.md`: the requests of a connection doctor. */
export const doctorChecks: readonly Check[] = [
  check(
    '[TR-50.1] [TR-50.2] [TR-50.3] [TR-50.4] counts how often each doctor request arrived',
    async (x) => {
      const [one, other] = [newId(), newId()];
      const body = JSON.stringify({ id: one, pad: 'x'.repeat(5000) });
      const said = { t: 'doctor', id: one, bytes: body.length };
      expectEqual('the first', await askDoctor(x, body), [200, { ...said, times: 1 }]);
      expectEqual('the repeated one', await askDoctor(x, body), [200, { ...said, times: 2 }]);
      for (let at = 0; at < 20; at++) await askDoctor(x, { id: newId() });
      const [, answer] = await askDoctor(x, { id: other, of: one });
      expectEqual('the count of the first', answer, {
        t: 'doctor',
        id: other,
        bytes: lengthOf({ id: other, of: one }),
        times: 1,
        of: 2,
      });
      const [, none] = await askDoctor(x, { id: newId(), of: newId() });
      expectEqual('the count of an unknown id', (none as { of: number }).of, 0);
    },
    needs,
  ),
  check(
    '[TR-50.5] [TR-50.6] [TR-50.7] writes each line of a stream at the requested time, with the requested length',
    async (x) => {
      const pieces = [
        [0, 64],
        [300, 5000],
        [600, 100],
      ] as const;
      const connection = await x.connect();
      const body = { id: newId(), pieces };
      connection.write(requestBytes(x.target, { method: 'POST', name: 'doctor', body }));
      const answer = await HttpAnswer.read(connection);
      expectEqual('type', answer.headers.get('content-type'), 'application/octet-stream');
      const first = await connection.until('the first line', () => answer.body.bytes.includes(10) || undefined);
      expectThat(
        'the first line comes before the others',
        first && !answer.body.whole,
        'one line',
        answer.body.bytes.length,
      );
      const lines = (await answer.whole()).toString().split('\n').slice(0, -1);
      expectEqual(
        'lengths',
        lines.map((line) => line.length + 1),
        pieces.map(([, bytes]) => bytes),
      );
      for (const [at, line] of lines.entries()) {
        const piece = JSON.parse(line) as Record<string, unknown>;
        expectEqual(`line ${at}`, [piece['t'], piece['n']], ['piece', at]);
        const [ms] = pieces[at]!;
        expectThat(`time of line ${at}`, (piece['at'] as number) >= ms, `${ms} or later`, piece['at']);
      }
    },
    needs,
  ),
  check(
    '[TR-50.8] [TR-50.9] refuses malformed doctor requests',
    async (x) => {
      const id = newId();
      const lines = (count: number, ms: number, bytes: number): number[][] =>
        Array.from({ length: count }, (_, at) => [at * ms, bytes]);
      const wrong = [
        ...['', '[]', '{}', { id: '' }, { id: 'x'.repeat(65) }, { id: 'a b' }, { id: 1 }, { id, of: '?' }],
        ...[
          [],
          lines(9, 1, 64),
          lines(1, 0, 63),
          lines(2, 60_001, 64),
          lines(3, 1, 16_384),
          [
            [5, 64],
            [4, 64],
          ],
        ].map((pieces) => ({ id, pieces })),
      ];
      for (const body of wrong) {
        const [status, answer] = await askDoctor(x, body);
        expectEqual(JSON.stringify(body), [status, (answer as { code: string }).code], [400, 'malformed']);
      }
    },
    needs,
  ),
];

function lengthOf(body: object): number {
  return JSON.stringify(body).length;
}
