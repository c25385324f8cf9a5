/** A browser of any vendor: opens pages one after another, in which expressions are evaluated. */
export interface Engine {
  readonly name: EngineName;
  /** Leaves the previous page and opens this one; resolves when it has loaded. */
  open(url: string): Promise<void>;
  /** Evaluates an expression in the page and returns its (awaited) value, passed as JSON. @throws Error if it throws */
  evaluate<T>(expression: string): Promise<T>;
  close(): Promise<void>;
}

/** The name of an engine. */
export type EngineName = 'chromium' | 'firefox' | 'webkit';

/** How long to wait for a browser. Very long, because a slow machine must not look like a failure. */
export const ENGINE_DEADLINE_MS = 120_000;

/**
 * A host name that Chromium and Firefox resolve to this machine by a setting of their own. The system's resolver does
 * not know it.
 */
export const testHost = 'chat.test';
