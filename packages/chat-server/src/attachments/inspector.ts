import type { UserId } from '@everywire/chat';
import { RestRefusal } from '../error-codes.js';
import type { Logger } from '../logger.js';
import type { AttachmentLimits } from './attachment-limits.js';
import { FairQueue } from './fair-queue.js';
import { type Inspection, type InspectionTask, inspectionOfBytes } from './inspect-file.js';
import { InspectionLost, InspectionProcess, type InspectionTime } from './inspection-process.js';
import type { InspectionRequest } from './inspection-program.js';

const RETRY_MS = 1_000;

/**
 * Share of a shortened time for decoding. The rest is for removing the coordinates from a picture whose decoding was
 * cut short.
 */
const PIXELS_SHARE = 2 / 3;

/**
 * Inspects uploads in separate processes, so that no file can block the event loop or crash the server. Each user has
 * at most one file in progress, and the user with the least recently used time is next. A process starts with the first
 * file and is reused; the next file replaces a lost one.
 *
 * A file may exceed `inspectionMs`, `inspectionAwaitedMs` while others wait, or `inspectionMemoryBytes`. Such a file is
 * accepted as bytes without a type, because users may send any file, but it is never displayed.
 */
export class Inspector {
  readonly #limits: AttachmentLimits;
  readonly #log: Logger;
  readonly #program: URL | undefined;
  readonly #turns: FairQueue<UserId>;
  readonly #processes = new Set<InspectionProcess>();
  readonly #idle: InspectionProcess[] = [];
  #closed = false;

  /** `program` replaces the program in tests. */
  constructor(limits: AttachmentLimits, log: Logger, program?: URL) {
    this.#limits = limits;
    this.#log = log;
    this.#program = program;
    this.#turns = new FairQueue({
      atOnce: limits.inspectionsAtOnce,
      waitingPerKeyMax: limits.inspectionsWaitingMax,
      keysWaitingMax: limits.inspectionPeopleMax,
      usedHalfLifeMs: limits.inspectionUsedHalfLifeMs,
    });
  }

  /**
   * Inspects an upload of `owner`.
   * @throws RestRefusal `busy`: too many uploads wait, or no process could start. Throws the error of a failed system
   *   call.
   */
  async inspect(owner: UserId, task: InspectionTask): Promise<Inspection> {
    const inspection = await this.#turns.run(owner, (awaited) => this.#inspect(task, awaited));
    if (inspection === 'busy') throw new RestRefusal('busy', RETRY_MS);
    return inspection;
  }

  /** Ends the processes. Refuses inspections in progress, and all later ones, with `busy`. */
  async close(): Promise<void> {
    this.#closed = true;
    await Promise.all([...this.#processes].map((process) => process.close()));
  }

  #inspect(task: InspectionTask, awaited: AbortSignal): Promise<Inspection | 'busy'> {
    const { inspectionMs: ms, inspectionAwaitedMs } = this.#limits;
    return this.#ask({ task, pixels: true }, { ms, awaitedMs: inspectionAwaitedMs * PIXELS_SHARE, awaited });
  }

  async #ask(request: InspectionRequest, time: InspectionTime): Promise<Inspection | 'busy'> {
    if (this.#closed) return 'busy';
    const process = this.#takeProcess();
    try {
      return await process.inspect(request, time);
    } catch (error) {
      if (!(error instanceof InspectionLost)) throw error;
      if (this.#closed) return 'busy';
      this.#log.warn(`An upload could not be inspected. ${error.message}`);
      if (error.cut) return await this.#askWithoutPixels(request, time);
      return error.byFile ? inspectionOfBytes(request.task, this.#limits) : 'busy';
    } finally {
      if (process.ended) this.#processes.delete(process);
      else this.#idle.push(process);
    }
  }

  /** Retries in the remaining time, which is not shortened again. */
  #askWithoutPixels(request: InspectionRequest, { awaited }: InspectionTime): Promise<Inspection | 'busy'> {
    const ms = this.#limits.inspectionAwaitedMs * (1 - PIXELS_SHARE);
    return this.#ask({ ...request, pixels: false }, { ms, awaitedMs: ms, awaited });
  }

  #takeProcess(): InspectionProcess {
    const idle = this.#idle.pop();
    if (idle !== undefined && !idle.ended) return idle;
    if (idle !== undefined) this.#processes.delete(idle);
    const process = new InspectionProcess(this.#limits, this.#program);
    this.#processes.add(process);
    return process;
  }
}
