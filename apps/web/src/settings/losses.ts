/** What signing out would lose, by kind. */
export interface Losses {
  readonly messages: number;
  readonly files: number;
  readonly drafts: number;
}
