/** Runs jobs in parallel as long as their cores fit into those of the machine. */

/**
 * Calls `run(job)` for each job and resolves when all have ended. A job starts when its `cores` are free, or when no
 * other job runs. Longer jobs (`seconds`) start first, so that none of them remains alone at the end.
 */
export async function runSideBySide(jobs, { cores, run }) {
  const waiting = jobs.toSorted((a, b) => b.seconds - a.seconds);
  const running = new Set();
  let taken = 0;
  while (waiting.length > 0 || running.size > 0) {
    for (
      let job = nextJob(waiting, cores - taken, running.size);
      job;
      job = nextJob(waiting, cores - taken, running.size)
    ) {
      waiting.splice(waiting.indexOf(job), 1);
      taken += job.cores;
      const ended = run(job).finally(() => {
        taken -= job.cores;
        running.delete(ended);
      });
      running.add(ended);
    }
    await Promise.race(running);
  }
}

function nextJob(waiting, free, runningCount) {
  // Shares are sums of tenths, which binary fractions miss by a little.
  const slack = 1e-9;
  return waiting.find((job) => job.cores <= free + slack) ?? (runningCount === 0 ? waiting[0] : undefined);
}
