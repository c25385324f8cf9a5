import { scenario } from './scenarios.mjs';

const median = (numbers) => {
  const sorted = numbers.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
};
const share = (one) => (100 * one.delivered) / one.sent;
/** Formats a share. Never rounds up to 100 %. */
const percent = (value) => (value === 100 ? '100' : String(Math.floor(value * 10) / 10));

/**
 * Of several runs of one system in one scenario: the median, the longest silence, the sums of repeated and misordered
 * messages.
 */
export function summarize(runs) {
  const ways = Object.fromEntries(
    ['down', 'up'].map((way) => {
      const of = (field) => runs.map((run) => run[way][field]);
      const sum = (field) => of(field).reduce((total, value) => total + value, 0);
      return [
        way,
        {
          deliveredPercent: median(runs.map((run) => share(run[way]))),
          lost: sum('lost'),
          repeated: sum('repeated'),
          outOfOrder: sum('outOfOrder'),
          silentMs: Math.max(...of('silentMs')),
          beyondMs: Math.max(...of('beyondMs')),
          p50Ms: Math.max(...of('p50Ms')),
          p99Ms: Math.max(...of('p99Ms')),
        },
      ];
    }),
  );
  const connectMs = runs.map((run) => run.connectMs).filter((ms) => ms !== null);
  return {
    ...ways,
    connectMs: connectMs.length > 0 ? median(connectMs) : null,
    disconnects: median(runs.map((run) => run.disconnects)),
  };
}

/**
 * Two tables: delivered down / up in percent, `+n` for messages the application got twice, `!n` for those out of order;
 * and the longest silence in seconds, down / up. @param rows `{ system, title, scenario, summary }`; a cell without a
 * row did not run.
 */
export function printTables(rows) {
  const scenarios = [...new Set(rows.map((row) => row.scenario))];
  const systems = new Map(rows.map((row) => [row.system, row.title]));
  for (const name of scenarios) console.log(`${name.padEnd(4)} ${scenario(name).text}`);
  const table = (heading, cell) => {
    console.log(`\n${heading}\n`);
    console.log(`| | ${scenarios.join(' | ')} |\n|---|${'--:|'.repeat(scenarios.length)}`);
    for (const [system, title] of systems) {
      const cells = scenarios.map((name) => {
        const row = rows.find((one) => one.system === system && one.scenario === name);
        return row ? cell(row.summary) : '';
      });
      console.log(`| ${title} | ${cells.join(' | ')} |`);
    }
  };
  table('Delivered, down / up, in percent (+ repeated, ! out of order)', ({ down, up }) => {
    const repeated = down.repeated + up.repeated;
    const disordered = down.outOfOrder + up.outOfOrder;
    const wrong = `${repeated > 0 ? ` +${repeated}` : ''}${disordered > 0 ? ` !${disordered}` : ''}`;
    return `${percent(down.deliveredPercent)} / ${percent(up.deliveredPercent)}${wrong}`;
  });
  const seconds = (ms) => (ms / 1000).toFixed(1);
  table(
    'Longest silence, down / up, in seconds',
    ({ down, up }) => `${seconds(down.silentMs)} / ${seconds(up.silentMs)}`,
  );
  table(
    'Longest silence beyond the outage it met, down / up, in seconds',
    ({ down, up }) => `${seconds(down.beyondMs)} / ${seconds(up.beyondMs)}`,
  );
  table('Until connected, in seconds', ({ connectMs }) => (connectMs === null ? 'never' : seconds(connectMs)));
}
