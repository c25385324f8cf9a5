/**
 * Sends the outcome of each test to the process that started Vitest, as messages
 * `{ type: 'collected' | 'started' | 'ended' | 'broken' | 'done' }`.
 *
 * Any skipped test counts as failed, unless the tag filter of the lane skips it: a missing requirement is a failure.
 */
import { relative } from 'node:path';

const wide = 'wide';

export default class VitestReporter {
  #lane = process.env.EVERYWIRE_LANE;

  onTestModuleCollected(module) {
    const tests = [...module.children.allTests()];
    process.send({ type: 'collected', count: tests.filter((test) => this.#isInLane(test)).length });
  }

  onTestCaseReady(test) {
    if (this.#isInLane(test)) process.send({ type: 'started', test: nameOf(test) });
  }

  onTestCaseResult(test) {
    if (!this.#isInLane(test)) return;
    const { state, errors = [] } = test.result();
    const problems = state === 'skipped' ? ['skipped: a skipped test counts as failed'] : errors.map(describeError);
    const ms = Math.round(test.diagnostic()?.duration ?? 0);
    process.send({ type: 'ended', test: nameOf(test), passed: state === 'passed', ms, problems });
  }

  onTestModuleEnd(module) {
    // An error outside any test: an import or a hook of the file failed.
    for (const error of module.errors()) this.#sendBroken(module.moduleId, error);
    for (const suite of module.children.allSuites())
      for (const error of suite.errors()) this.#sendBroken(module.moduleId, error, suite.fullName);
  }

  async onTestRunEnd(modules, unhandledErrors) {
    // A timer that fails repeatedly counts as one failure.
    for (const problem of new Set(unhandledErrors.map(describeError)))
      process.send({ type: 'broken', problems: [problem] });
    // Vitest exits after this hook; messages still in the pipe would be lost.
    await new Promise((resolve) => process.send({ type: 'done', files: modules.length }, resolve));
  }

  #isInLane(test) {
    return this.#lane !== 'quick' || !test.tags.includes(wide);
  }

  #sendBroken(file, error, name = '') {
    const test = { file: relative(process.cwd(), file), name };
    process.send({ type: 'broken', test, problems: [describeError(error)] });
  }
}

function nameOf(test) {
  return { file: relative(process.cwd(), test.module.moduleId), name: test.fullName };
}

function describeError(error) {
  const frame = (error.stacks ?? []).find(({ file }) => !file.includes('node_modules'));
  const at = frame ? `at ${relative(process.cwd(), frame.file)}:${frame.line}:${frame.column}` : (error.stack ?? '');
  const kind = error.name && !String(error.message).startsWith(error.name) ? `${error.name}: ` : '';
  return [`${kind}${error.message}`, error.diff, at].filter(Boolean).join('\n');
}
