import type { ServerResponse } from 'node:http';
import type { LinkEnd, ServerLink } from '@everywire/protocol/internal';
import { GatheredLink } from './gathered-link.js';
import { answer, answerHeaders, errorJson, frozenJson } from './http-answer.js';
import type { ServerLimits } from './limits.js';
import type { LinkHost, LiveLink } from './link-host.js';
import type { OriginVerdict } from './origin-policy.js';
import type { SharedRuns } from './shared-runs.js';
import type { WheelEntry } from './tick-wheel.js';
import type { TransportRow } from './transports.js';

export interface DownHost extends LinkHost {
  readonly limits: Pick<ServerLimits, 'lingerMs' | 'streamBytesMax' | 'undrainedBytesMax' | 'down'>;
}

/**
 * One HTTP answer that carries messages down, of whatever row. What a poll is told comes in one go and ends it; a stream
 * begins with its head and goes on until the machine, the client or the cap ends it.
 */
export class DownLink extends GatheredLink implements LiveLink, WheelEntry {
  wheelNext: WheelEntry | null = null;
  wheelPrevious: WheelEntry | null = null;
  wheelTick = 0;

  readonly link: ServerLink;
  readonly #host: DownHost;
  readonly #row: TransportRow;
  readonly #response: ServerResponse;
  readonly #origin: OriginVerdict;
  #bytes = 0;
  /** The cap is reached: it ends with the turn. */
  #full = false;
  #ended = false;

  constructor(host: DownHost, row: TransportRow, runs: SharedRuns, response: ServerResponse, origin: OriginVerdict) {
    super(runs, host.turn);
    this.#host = host;
    this.#row = row;
    this.#response = response;
    this.#origin = origin;
    this.link = host.registry.link(row.shape, row.name, this);
    response.on('error', () => undefined);
    // The client left, or took the last byte: either way its request is over, and costs nothing any more.
    response.on('close', () => {
      this.#ended = true;
      host.wheel.cancel(this);
      this.link.ended(host.now());
      host.onLinkGone(this);
    });
  }

  destroy(): void {
    this.#response.destroy();
  }

  end(reason: LinkEnd): void {
    if (this.#ended) return;
    super.flush();
    this.#ended = true;
    if (this.#response.headersSent) this.#response.end();
    else if (reason === 'malformed')
      answer(this.#response, 400, errorJson('malformed', 'Not a carrier.'), this.#origin);
    else if (reason === 'frozen') answer(this.#response, 503, frozenJson, this.#origin);
    else this.#head(0).end();
    // A peer that is gone without a word takes none of it, and TCP would try for a quarter of an hour.
    if (this.#response.writableLength > 0) this.#host.wheel.schedule(this, this.#host.limits.lingerMs);
  }

  onWheel(): void {
    this.#response.destroy();
  }

  override flush(): void {
    super.flush();
    if (!this.#full || this.#ended) return;
    // Whole messages only were written, so this is an end like any other: the client attaches again and goes on.
    this.link.ended(this.#host.now());
    this.end('done');
  }

  leave(): void {}

  protected put(bytes: Uint8Array): void {
    this.putAll([bytes]);
  }

  protected putAll(parts: readonly Uint8Array[]): void {
    if (this.#ended) return;
    let length = 0;
    for (const part of parts) length += part.length;
    this.#count(length);
    const response = this.#response.headersSent ? this.#response : this.#head(length);
    response.cork();
    let drained = true;
    for (const part of parts) drained = response.write(part);
    response.uncork();
    if (!drained) this.#checkWaiting();
  }

  #count(length: number): void {
    this.#bytes += length;
    if (this.#full || !this.#row.capped || this.#bytes < this.#host.limits.streamBytesMax) return;
    this.#full = true;
    this.turn.add(this);
  }

  /** A poll is written in one go, so its length is known; a stream has none. */
  #head(length: number): ServerResponse {
    const headers = answerHeaders(this.#row.encoding.contentType, this.#origin);
    if (this.#row.shape === 'poll') headers['content-length'] = length;
    return this.#response.writeHead(200, headers);
  }

  /** More than a full window and what records add to it: for a reader that takes nothing (SN-3). */
  #checkWaiting(): void {
    const { limits } = this.#host;
    if (this.#response.writableLength <= limits.down.bytes + limits.undrainedBytesMax) return;
    this.#host.onSlowLink();
    this.#response.destroy();
  }
}
