import type { AttachmentLimits } from './attachment-limits.js';
import { type Inspection, type InspectionTask, inspectFile } from './inspect-file.js';
import { loadSharp } from './load-sharp.js';

/** A request to the inspection process. */
export interface InspectionRequest {
  readonly task: InspectionTask;
  /** Whether the pixels of a picture are decoded. If not, it is kept as bytes without its coordinates. */
  readonly pixels: boolean;
}

/** Sent by the process: `ready` once, then one report for each request. `code` is that of a failed system call. */
export type InspectionReport =
  | 'ready'
  | { readonly inspection: Inspection }
  | { readonly failed: string; readonly code: string | null };

/**
 * The inspection process: inspects one upload at a time. It ends with the server, whatever it is doing, and ignores
 * signals meant for the server.
 */
function serve(limits: AttachmentLimits): void {
  const report = (message: InspectionReport): void => void process.send?.(message);
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => undefined);
  // Not `exit`, which would wait for the decoder.
  process.on('disconnect', () => process.kill(process.pid, 'SIGKILL'));
  process.on('message', ({ task, pixels }: InspectionRequest) => {
    inspectFile(task, limits, pixels).then(
      (inspection) => report({ inspection }),
      (error: unknown) => report(failureOf(error)),
    );
  });
  // Loaded before the first file, so that it does not count as that file's time. If it fails, each picture reports it.
  loadSharp().then(
    () => report('ready'),
    () => report('ready'),
  );
}

function failureOf(error: unknown): InspectionReport {
  const failed = error instanceof Error ? error.message : String(error);
  const code = error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : null;
  return { failed, code };
}

const [limits] = process.argv.slice(2);
if (limits !== undefined && process.send !== undefined) serve(JSON.parse(limits) as AttachmentLimits);
