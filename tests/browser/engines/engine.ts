/** A browser of any vendor: opens pages one after another, in which expressions are evaluated. */
export interface Engine {
  readonly name: EngineName;
  /** Leaves the previous page and opens this one; resolves when it has loaded. */
  open(url: string): Promise<void>;
  /**
   * Evaluates an expression in the page and returns its value as JSON, or that of its promise. @throws Error with what
   * it threw
   */
  evaluate<T>(expression: string): Promise<T>;
  close(): Promise<void>;
}

export type EngineName = 'chromium' | 'firefox' | 'webkit';

/** Far above the time to start a browser or a conversation in it: a busy machine is no failure. */
export const ENGINE_DEADLINE_MS = 120_000;

/**
 * A host name that Chromium and Firefox resolve to this machine by a setting of their own. The system's resolver does
 * not know it.
 */
export const testHost = 'chat.test';
