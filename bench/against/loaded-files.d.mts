export function checkLoadedFiles(
  tree: string,
  start: (nodeOptions: readonly string[]) => Promise<unknown>,
): Promise<number>;
