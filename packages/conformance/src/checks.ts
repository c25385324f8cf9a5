import type { Check } from './check.js';
import { answerChecks } from './checks/answer-checks.js';
import { channelChecks } from './checks/channel-checks.js';
import { closeChecks } from './checks/close-checks.js';
import { deflateChecks } from './checks/deflate-checks.js';
import { doctorChecks } from './checks/doctor-checks.js';
import { downChecks } from './checks/down-checks.js';
import { elementChecks } from './checks/element-checks.js';
import { encodingChecks } from './checks/encoding-checks.js';
import { endingChecks } from './checks/ending-checks.js';
import { frameChecks } from './checks/frame-checks.js';
import { halfCloseChecks } from './checks/half-close-checks.js';
import { headChecks } from './checks/head-checks.js';
import { httpChecks } from './checks/http-checks.js';
import { linkChecks } from './checks/link-checks.js';
import { requestChecks } from './checks/request-checks.js';
import { socketChecks } from './checks/socket-checks.js';
import { tcpChecks } from './checks/tcp-checks.js';
import { textChecks } from './checks/text-checks.js';
import { upChecks } from './checks/up-checks.js';

/** All checks, in the order of the specification. */
export const checks: readonly Check[] = [
  ...frameChecks,
  ...deflateChecks,
  ...encodingChecks,
  ...httpChecks,
  ...halfCloseChecks,
  ...socketChecks,
  ...endingChecks,
  ...headChecks,
  ...channelChecks,
  ...tcpChecks,
  ...downChecks,
  ...textChecks,
  ...elementChecks,
  ...doctorChecks,
  ...upChecks,
  ...requestChecks,
  ...linkChecks,
  ...answerChecks,
  ...closeChecks,
];
