import { ServerProcess } from './server-process.js';
import type { Command, ProgramOptions, Report } from './server-program.js';

/** The attacked transport server, in a separate process. */
export class Target extends ServerProcess<Report, Command> {
  static async start(options: ProgramOptions = {}): Promise<Target> {
    return new Target(...(await ServerProcess.fork('server-program', options)));
  }

  get base(): string {
    return `http://127.0.0.1:${this.port}/everywire`;
  }
}
