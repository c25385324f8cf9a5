/** One browser, whatever its maker: pages one after another, in which expressions are evaluated. */
export interface Engine {
  readonly name: EngineName;
  /** Leaves the page before, and goes to this one; it is loaded when this resolves. */
  open(url: string): Promise<void>;
  /** What an expression gives in the page: what JSON can say, of a promise what it resolves to. @throws Error with what it threw */
  evaluate<T>(expression: string): Promise<T>;
  close(): Promise<void>;
}

export type EngineName = 'chromium' | 'firefox' | 'webkit';

/** Far above what starting a browser or a conversation in it takes: a busy machine is no failure. */
export const ENGINE_DEADLINE_MS = 120_000;

/** A host name that Chromium and Firefox resolve to this machine by a setting of their own. The system's resolver does not know it. */
export const testHost = 'chat.test';
