import { readFileSync } from 'node:fs';
import { reportReplay } from './report.js';

// The program behind `npm run replay`: replays a recording of a session and reports the first difference.
const path = process.argv[2];
if (path === undefined) {
  console.error('Name a file with a recording: npm run replay -- FILE');
  process.exitCode = 2;
} else {
  try {
    const { line, status } = reportReplay(readFileSync(path, 'utf8'));
    console.log(line);
    process.exitCode = status;
  } catch (error) {
    console.error(`${path} cannot be read: ${(error as Error).message}`);
    process.exitCode = 2;
  }
}
