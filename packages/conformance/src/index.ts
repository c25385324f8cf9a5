export type { ApplicationServer, ApplicationSession } from './application.js';
export { createApplication } from './application.js';
export { checks } from './checks.js';
export { type CheckResult, runChecks } from './run-checks.js';
export { parseTarget } from './target.js';
