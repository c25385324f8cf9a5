import { setTimeout as sleep } from 'node:timers/promises';
import { parentPort, workerData } from 'node:worker_threads';
import { openDatabase } from '../database/open-database.js';
import { type Damage, tableDamage } from './damage.js';
import { isDamageError } from './damage-log.js';
import { type DamageScanLimits, scanForDamage } from './damage-scan.js';
import { describeFailure } from './scan-failure.js';

/** The data with which the check thread starts. */
export interface DamageWorkerData extends DamageScanLimits {
  readonly file: string;
  readonly busyTimeoutMs: number;
  readonly damageCheckPauses: number;
}

/** A message from the check thread. */
export type DamageReport =
  | { readonly kind: 'damage'; readonly damage: Damage }
  | { readonly kind: 'done'; readonly steps: number; readonly longestStepMs: number; readonly elapsedMs: number };

/** Checks the whole store once, in a thread with its own connection. */
async function check(port: NonNullable<typeof parentPort>, data: DamageWorkerData): Promise<void> {
  const report = (message: DamageReport): void => port.postMessage(message);
  const closing = new AbortController();
  port.on('message', () => closing.abort());
  const begunAt = performance.now();
  let [steps, longestStepMs] = [0, 0];
  const database = openDatabase(data.file, { readonly: true, fileMustExist: true, timeout: data.busyTimeoutMs });
  try {
    const scan = scanForDamage(database, data, (damage) => report({ kind: 'damage', damage }));
    for (let isOver: boolean | undefined = false; !isOver && !closing.signal.aborted; steps += 1) {
      const stepAt = performance.now();
      isOver = scan.next().done;
      const stepMs = performance.now() - stepAt;
      longestStepMs = Math.max(longestStepMs, stepMs);
      await rest(stepMs * data.damageCheckPauses, closing.signal);
    }
  } catch (error) {
    if (!isDamageError(error)) throw new Error(`The check for damage failed: ${describeFailure(error)}`);
    report({ kind: 'damage', damage: tableDamage('unreadable', null, describeFailure(error)) });
  } finally {
    database.close();
  }
  if (!closing.signal.aborted) report({ kind: 'done', steps, longestStepMs, elapsedMs: performance.now() - begunAt });
  port.close();
}

/** Pauses. Even a pause of 0 ms lets the thread receive messages of the main thread. */
async function rest(ms: number, signal: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal }).catch(() => undefined);
}

if (parentPort !== null) void check(parentPort, workerData as DamageWorkerData);
