/** A sign-in of a person, as the person and administrators see it. */
export interface Device {
  readonly id: string;
  readonly label: string;
  readonly createdAt: number;
  readonly usedAt: number;
  /** By which it is connected, or was last; `rest`: it never had a session. */
  readonly transport: string;
  readonly connected: boolean;
  readonly current: boolean;
}
