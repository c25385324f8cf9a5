/** A sign-in of a user, as the user and administrators see it. */
export interface Device {
  readonly id: string;
  readonly label: string;
  readonly createdAt: number;
  readonly usedAt: number;
  /** The current or last transport; `rest` if it never had a session. */
  readonly transport: string;
  readonly connected: boolean;
  readonly current: boolean;
}
