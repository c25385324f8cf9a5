/** Waits until `work` ends, well or not, but no longer than `ms` milliseconds. */
export async function atMost(ms: number, work: Promise<unknown> | undefined): Promise<void> {
  const late = new Promise<void>((resolve) => setTimeout(resolve, ms));
  await Promise.race([work?.catch(() => undefined), late]);
}
