import type { ClientRecording } from '@everywire/client/recorder';

/** The messages between the lab's page and the frame of a lane. */

/** To the frame. */
export type LaneOrder =
  | { readonly act: 'start'; readonly transport: string | null }
  /** `bytes`: of each message. `everyMs`: 0 sends all at once. */
  | { readonly act: 'send'; readonly count: number; readonly bytes: number; readonly everyMs: number }
  | { readonly act: 'stop' }
  /** Asks for the recording of the session. */
  | { readonly act: 'report' };

/** From the frame. Times are milliseconds since the lane was started. */
export type LaneNews =
  | { readonly kind: 'ready' }
  | {
      readonly kind: 'state';
      readonly at: number;
      readonly readyState: number;
      readonly state: string;
      readonly reason: string | null;
      readonly transport: string | null;
    }
  | { readonly kind: 'sent'; readonly count: number; readonly bytes: number }
  /** A message came back; `ms` after it was sent. */
  | { readonly kind: 'echo'; readonly at: number; readonly ms: number; readonly bytes: number }
  | { readonly kind: 'closed'; readonly at: number; readonly code: string }
  /** `subject`: by it the server knows the session. */
  | { readonly kind: 'recording'; readonly subject: string; readonly recording: ClientRecording };
