import type { AttachmentLimits } from './attachment-limits.js';
import { type Inspection, type InspectionTask, inspectFile } from './inspect-file.js';
import { loadSharp } from './load-sharp.js';

/** What the process is asked. */
export interface InspectionRequest {
  readonly task: InspectionTask;
  /** Whether the pixels of a picture are read. Where not, it is kept as bytes without its coordinates. */
  readonly pixels: boolean;
}

/** `ready` once, then one report for each request. `code` is that of a failed system call. */
export type InspectionReport =
  | 'ready'
  | { readonly inspection: Inspection }
  | { readonly failed: string; readonly code: string | null };

/** The inspection process: looks at one upload at a time. It ends with the server, whatever it is doing, and by no signal that is meant for the server. */
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
  // Before the first file, whose time it is not. Where it fails, each picture says so.
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
