import { parentPort, workerData } from 'node:worker_threads';
import { openDatabase } from '../database/open-database.js';
import { isStorageFailure } from '../store-failure.js';
import { errorCode } from '../store-file-error.js';
import { createTables } from '../tables.js';
import { createAnswerSearch, type SearchQuestions, type SearchReplies, type SearchSettings } from './search-runner.js';

/** The data with which the search thread starts. */
export interface SearchWorkerData extends SearchSettings {
  readonly file: string;
  readonly cacheBytes: number;
  readonly busyTimeoutMs: number;
}

/** A message to the thread. */
export type SearchMessage =
  | 'close'
  | {
      readonly [Kind in keyof SearchQuestions]: {
        readonly id: number;
        readonly kind: Kind;
        readonly question: SearchQuestions[Kind];
      };
    }[keyof SearchQuestions];

/** A message of the thread. */
export type SearchReport =
  | { readonly id: number; readonly answer: SearchReplies[keyof SearchReplies] }
  /** `code` is SQLite's if the storage failed, because errors of the driver's class cannot be sent. */
  | { readonly id: number; readonly failed: string; readonly code: string | null };

/** Runs the search thread, with a read-only connection, so that no search delays a send. */
function serve(port: NonNullable<typeof parentPort>, data: SearchWorkerData): void {
  const database = openDatabase(data.file, { readonly: true, fileMustExist: true, timeout: data.busyTimeoutMs });
  database.pragma(`cache_size = -${Math.ceil(data.cacheBytes / 1024)}`);
  database.pragma('temp_store = MEMORY');
  const answer = createAnswerSearch(database, createTables(database, data.chat), data);
  const [begin, rollback] = [database.prepare('BEGIN'), database.prepare('ROLLBACK')];
  // The transaction only reads, but it is rolled back: after a damaged page, SQLite would refuse to commit it.
  const inSnapshot = (message: Exclude<SearchMessage, 'close'>): SearchReplies[keyof SearchReplies] => {
    begin.run();
    try {
      return answer(message.kind, message.question as never);
    } finally {
      rollback.run();
    }
  };
  port.on('message', (message: SearchMessage) => {
    if (message === 'close') {
      database.close();
      port.close();
      return;
    }
    port.postMessage(report(message, inSnapshot));
  });
}

function report(
  message: Exclude<SearchMessage, 'close'>,
  answer: (message: Exclude<SearchMessage, 'close'>) => SearchReplies[keyof SearchReplies],
): SearchReport {
  const { id } = message;
  try {
    return { id, answer: answer(message) };
  } catch (error) {
    const code = isStorageFailure(error) ? errorCode(error) : null;
    return { id, failed: error instanceof Error ? error.message : String(error), code };
  }
}

if (parentPort !== null) serve(parentPort, workerData as SearchWorkerData);
