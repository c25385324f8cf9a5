export function createSteps(
  out: Pick<NodeJS.WriteStream, 'isTTY' | 'write'>,
): <T>(title: string, work: (onCount: (done: number, all: number) => void) => Promise<T>) => Promise<T>;
