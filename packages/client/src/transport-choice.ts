import type { Chooser, Failure } from './chooser.js';
import { attemptsMax } from './limits.js';
import { randomFraction } from './random.js';
import type { TransportRow } from './transport.js';
import type { FallbackModule, TransportTable } from './transport-table.js';
import type { Attempt, TransportName } from './wire-client.js';

/**
 * Which transports may be used, what became of them, and which is next. A page that gets its WebSocket has nothing to choose:
 * the chooser is loaded at the first failure, with all that another transport needs, and is told what failed until then.
 */
export class TransportChoice {
  /** The last failures, oldest first: what a person sees under "Why?". */
  attempts: readonly Attempt[] = [];
  readonly #table: TransportTable;
  readonly #onLoad: (module: FallbackModule) => void;
  #allowed: readonly TransportRow[];
  #fallback: FallbackModule | undefined;
  #chooser: Chooser | undefined;
  #early: Failure[] = [];

  /** @param onLoad called once, when another transport than the WebSocket can be offered */
  constructor(
    table: TransportTable,
    names: readonly TransportName[] | undefined,
    onLoad: (module: FallbackModule) => void,
  ) {
    this.#table = table;
    this.#onLoad = onLoad;
    this.#allowed = allowedRows(table, names);
  }

  /** Resolves when the first transport can be used; never rejects. */
  async ready(): Promise<void> {
    if (this.#allowed[0]!.kind !== 'duplex') await this.load();
  }

  /** Never rejects: what cannot be loaded now is asked for again at the next failure. */
  async load(): Promise<void> {
    // Where only the WebSocket is allowed nothing may travel by requests either.
    if (this.#allowed.every((row) => row.kind === 'duplex')) return;
    const module = this.#fallback ?? (await this.#table.fallback().catch(() => undefined));
    if (!module || this.#fallback) return;
    this.#fallback = module;
    this.#onLoad(module);
    this.#renew();
    for (const failure of this.#early.splice(0)) this.#chooser?.failed(failure);
  }

  /** From here on only these, whose failures so far say nothing; all without a name. @throws RangeError for none. */
  restrict(names: readonly TransportName[] | undefined): void {
    this.#allowed = allowedRows(this.#table, names);
    this.#renew();
  }

  /** Until there is a choice, which is a moment after the first failure, the first is tried again. */
  choose(): TransportRow {
    return this.#chooser?.choose() ?? this.#allowed[0]!;
  }

  failed(failure: Failure, reason: string): void {
    const attempt = { transport: failure.row.name, at: Date.now(), reason };
    this.attempts = [...this.attempts.slice(1 - attemptsMax), attempt];
    if (this.#chooser) this.#chooser.failed(failure);
    else if (this.#early.length < attemptsMax) this.#early.push(failure);
    this.load();
  }

  upgrade(row: TransportRow): ReturnType<Chooser['upgrade']> {
    return this.#chooser?.upgrade(row);
  }

  forget(): void {
    this.#chooser?.forget();
  }

  #renew(): void {
    this.#chooser = this.#fallback?.createChooser(this.#allowed, randomFraction);
  }
}

function allowedRows({ rows }: TransportTable, names: readonly TransportName[] | undefined): readonly TransportRow[] {
  const allowed = names ? rows.filter((row) => names.includes(row.name)) : rows;
  if (allowed.length === 0) throw new RangeError('transports');
  return allowed;
}
