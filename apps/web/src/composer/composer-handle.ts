/** What the conversation around a composer does with it. */
export interface ComposerHandle {
  /** Puts text back that was not sent, before what is there. */
  put(text: string): void;
  focus(): void;
}
