import { type ChildProcess, fork } from 'node:child_process';
import { Socket } from 'node:net';
import type { AttachmentLimits } from './attachment-limits.js';
import type { Inspection } from './inspect-file.js';
import type { InspectionReport, InspectionRequest } from './inspection-program.js';

/**
 * Thrown if the process ended before it had a result: by the deadline, lack of memory, a defect, or because it was
 * closed.
 */
export class InspectionLost extends Error {
  /** Whether the file is the likely cause: the process had started and was not closed. */
  readonly byFile: boolean;
  /** Whether its time was shortened because another user waited. */
  readonly cut: boolean;

  constructor(reason: string, { byFile, cut }: Pick<InspectionLost, 'byFile' | 'cut'>) {
    super(reason);
    this.name = 'InspectionLost';
    this.byFile = byFile;
    this.cut = cut;
  }
}

/**
 * Milliseconds that the inspection of one file may take, from its start: `ms`, or `awaitedMs` once `awaited` is
 * aborted.
 */
export interface InspectionTime {
  readonly ms: number;
  readonly awaitedMs: number;
  readonly awaited: AbortSignal;
}

/** The caller that waits for the file in inspection, and the time that the inspection may take. */
interface Waiting {
  readonly time: InspectionTime;
  readonly resolve: (inspection: Inspection) => void;
  readonly reject: (reason: unknown) => void;
  /** By `performance.now()`; `null` until the process has started. */
  beganAt: number | null;
}

/**
 * The program of the process. Always the built file, even if this file runs from `src`, because Node starts it by its
 * path.
 */
const programUrl = new URL('../../dist/attachments/inspection-program.js', import.meta.url);

/** Milliseconds for a process to start on a busy machine. Does not count as time of the file. */
const START_MS = 60_000;

/**
 * The environment variables that the process inherits: those by which libraries are located. A process that reads
 * untrusted files must not see the server's settings and secrets.
 */
const inheritedVariables = ['PATH', 'LD_LIBRARY_PATH', 'DYLD_LIBRARY_PATH', 'TMPDIR', 'TEMP', 'SystemRoot'];

/** Maximum characters of the process's error output that are kept. */
const COMPLAINT_MAX = 4_000;

/** Runs one inspection process. It is a process because a thread inside the picture decoder cannot be stopped. */
export class InspectionProcess {
  readonly #child: ChildProcess;
  readonly #onAwaited = (): void => this.#schedule();
  #waiting: Waiting | null = null;
  #timer: NodeJS.Timeout | null = null;
  #ready = false;
  #closed = false;
  #cut = false;
  #reason: string | null = null;
  #complaint = '';
  readonly #end: Promise<void>;
  #ended = false;

  /** `program` replaces the program in tests. */
  constructor(limits: AttachmentLimits, program: URL = programUrl) {
    this.#child = fork(program, [JSON.stringify(limits)], {
      env: Object.fromEntries(inheritedVariables.map((name) => [name, process.env[name]])),
      execArgv: [`--max-old-space-size=${Math.ceil(limits.inspectionMemoryBytes / 2 ** 20)}`],
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    this.#hold(false);
    this.#child.on('message', (report: InspectionReport) => this.#onReport(report));
    this.#child.stderr?.on('data', (text: Buffer) => {
      this.#complaint = (this.#complaint + text.toString('latin1')).slice(0, COMPLAINT_MAX);
    });
    this.#end = new Promise((resolve) => {
      const onEnd = (reason: string): void => {
        this.#onEnd(reason);
        resolve();
      };
      this.#child.once('close', (code, signal) => onEnd(this.#reasonOf(signal ?? `code ${code}`)));
      // A process that never started emits no `close`.
      this.#child.on('error', (error) => this.#child.pid === undefined && onEnd(error.message));
    });
  }

  /** Whether the process is no longer usable: it has ended or is being killed. */
  get ended(): boolean {
    return this.#ended || this.#reason !== null;
  }

  /**
   * Inspects one file; the caller must not start another until it settles. Rejects with `InspectionLost` once the
   * process has ended, so that nothing changes the file any more, or with the error of a failed system call.
   */
  inspect(request: InspectionRequest, time: InspectionTime): Promise<Inspection> {
    return new Promise((resolve, reject) => {
      this.#waiting = { time, resolve, reject, beganAt: this.#ready ? performance.now() : null };
      time.awaited.addEventListener('abort', this.#onAwaited);
      this.#schedule();
      // The server must not exit while a file is inspected, even with nothing else to do.
      this.#hold(true);
      // Ignores a failure to send, because a process that is gone is detected by its end.
      this.#child.send(request, () => undefined);
    });
  }

  /** Kills the process and resolves when it has ended. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#hold(true);
    this.#child.kill('SIGKILL');
    await this.#end;
  }

  /** Sets the deadline of the file in progress. */
  #schedule(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    if (this.#waiting === null) return;
    const { time, beganAt } = this.#waiting;
    const cut = beganAt !== null && time.awaited.aborted && time.awaitedMs < time.ms;
    const ms = beganAt === null ? START_MS : cut ? time.awaitedMs : time.ms;
    const left = (beganAt ?? performance.now()) + ms - performance.now();
    this.#timer = setTimeout(() => {
      this.#cut = cut;
      const why = cut ? ' while other uploads waited' : '';
      this.#reason =
        beganAt === null ? `No process started within ${ms} ms.` : `The inspection took longer than ${ms} ms${why}.`;
      this.#child.kill('SIGKILL');
    }, left);
  }

  #onReport(report: InspectionReport): void {
    if (report === 'ready') {
      this.#ready = true;
      if (this.#waiting !== null) this.#waiting.beganAt = performance.now();
      this.#schedule();
      return;
    }
    const waiting = this.#waitingNow();
    if ('inspection' in report) waiting?.resolve(report.inspection);
    else waiting?.reject(Object.assign(new Error(report.failed), { code: report.code }));
  }

  #onEnd(reason: string): void {
    this.#ended = true;
    const lost = new InspectionLost(reason, { byFile: this.#ready && !this.#closed, cut: this.#cut });
    this.#waitingNow()?.reject(lost);
  }

  #reasonOf(end: string): string {
    const complaint = this.#complaint.split('\n').find((line) => /error/i.test(line));
    return this.#reason ?? `The inspection process ended (${end})${complaint === undefined ? '.' : `: ${complaint}`}`;
  }

  #waitingNow(): Waiting | null {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    const waiting = this.#waiting;
    this.#waiting = null;
    waiting?.time.awaited.removeEventListener('abort', this.#onAwaited);
    this.#hold(false);
    return waiting;
  }

  /** Sets whether the process keeps the server from exiting. */
  #hold(holds: boolean): void {
    const call = holds ? 'ref' : 'unref';
    this.#child[call]();
    this.#child.channel?.[call]();
    if (this.#child.stderr instanceof Socket) this.#child.stderr[call]();
  }
}
