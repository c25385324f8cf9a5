/** Waits until `work` settles, but at most `ms` milliseconds. Never rejects. */
export async function atMost(ms: number, work: Promise<unknown> | undefined): Promise<void> {
  const late = new Promise<void>((resolve) => setTimeout(resolve, ms));
  await Promise.race([work?.catch(() => undefined), late]);
}
