/**
 * `node --import 'record-loads.mjs?to=FILE' SCRIPT` appends the address of every module that the script loads to FILE.
 */
import { appendFileSync } from 'node:fs';
import { register } from 'node:module';
import { isMainThread } from 'node:worker_threads';

// The hooks run in a thread of their own, which imports this file as well.
if (isMainThread) register(import.meta.url);

export function load(url, context, next) {
  appendFileSync(new URL(import.meta.url).searchParams.get('to'), `${url}\n`);
  return next(url, context);
}
