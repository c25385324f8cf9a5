/** What signing out would lose, by kind. */
export interface UnsentWork {
  readonly messages: number;
  readonly files: number;
  readonly drafts: number;
}
