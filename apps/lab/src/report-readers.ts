import type { ServerResponse } from 'node:http';

/** The maximum number of open pages. Further pages are refused with 503. */
const READERS_MAX = 20;

/** The open pages of the lab, each with an event stream of reports. */
export class ReportReaders {
  readonly #readers = new Set<ServerResponse>();

  get size(): number {
    return this.#readers.size;
  }

  add(response: ServerResponse): void {
    if (this.#readers.size >= READERS_MAX) {
      response.writeHead(503, { 'Content-Type': 'text/plain' }).end('Too many pages of the lab are open');
      return;
    }
    response.writeHead(200, { 'Content-Type': 'text/event-stream' });
    response.flushHeaders();
    this.#readers.add(response);
    response.on('close', () => this.#readers.delete(response));
  }

  /**
   * Sends a report to all pages. Skips a page that has not read the previous reports, such as one that is paused in the
   * debugger, so that nothing is queued for it.
   */
  send(report: object): void {
    const event = `data: ${JSON.stringify(report)}\n\n`;
    for (const reader of this.#readers) if (!reader.writableNeedDrain) reader.write(event);
  }
}
