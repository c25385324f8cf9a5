/** Prints which suites run and how many of their tests have passed. */

const everyMs = 15_000;

export class Progress {
  #suites;
  #ended = 0;
  #running = new Map();
  #startedAt = performance.now();
  #timer = setInterval(() => this.#printRunning(), everyMs);

  constructor(suites) {
    this.#suites = suites;
  }

  start(name) {
    this.#running.set(name, { ended: 0, collected: 0, failed: 0 });
  }

  /**
   * Updates the counts of a running suite, and prints new failures in one line each. The report at the end prints them
   * in full.
   */
  update(name, { ended, collected, failures }) {
    const before = this.#running.get(name).failed;
    for (const { file, name: test, problems } of failures.slice(before)) {
      this.say(`FAILED ${[file, test].filter(Boolean).join(' > ')}: ${problems[0].split('\n', 1)[0]}`);
    }
    this.#running.set(name, { ended, collected, failed: failures.length });
  }

  end({ suite, passed, failed, seconds, budget }) {
    this.#running.delete(suite);
    this.#ended += 1;
    const counts = failed > 0 ? `FAILED ${failed}, passed ${passed}` : `passed ${passed}`;
    const over = seconds > budget ? `  (budget ${budget} s)` : '';
    this.say(
      `${suite.padEnd(22)} ${counts}, ${seconds.toFixed(1)} s${over}  [${this.#ended} of ${this.#suites} suites]`,
    );
  }

  close() {
    clearInterval(this.#timer);
  }

  #printRunning() {
    const counts = ({ ended, collected, failed }) => `${ended} of ${collected}${failed ? `, ${failed} FAILED` : ''}`;
    const suites = [...this.#running].map(([name, row]) => (row.collected > 0 ? `${name} ${counts(row)}` : name));
    if (suites.length > 0) this.say(`running: ${suites.join('; ')}`);
  }

  /** Prints a line with the elapsed time. */
  say(line) {
    const seconds = Math.round((performance.now() - this.#startedAt) / 1000);
    console.log(`[${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}] ${line}`);
  }
}
