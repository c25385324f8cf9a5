interface Release {
  readonly name: string;
  readonly version: string;
  readonly integrity?: string;
}
export function installProgram(release: Release, file: string, say: (line: string) => void): Promise<string>;
export function installLibrary(release: Omit<Release, 'integrity'>, say: (line: string) => void): Promise<string>;
