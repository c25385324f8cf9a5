import type { ClientRecording } from '@everywire/client/recorder';

/* The messages between the lab's page and the frame of a lane. */

/** Messages to the frame. */
export type LaneOrder =
  | { readonly act: 'start'; readonly transport: string | null }
  /** `bytes`: the size of each message. `everyMs`: the interval; 0 sends all of them immediately. */
  | { readonly act: 'send'; readonly count: number; readonly bytes: number; readonly everyMs: number }
  | { readonly act: 'stop' }
  /** Requests the recording of the session. */
  | { readonly act: 'report' };

/** Messages from the frame. Times are milliseconds since the start of the lane. */
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
  /** A message was echoed, `ms` after it was sent. */
  | { readonly kind: 'echo'; readonly at: number; readonly ms: number; readonly bytes: number }
  | { readonly kind: 'closed'; readonly at: number; readonly code: string }
  /** `subject` identifies the session at the server. */
  | { readonly kind: 'recording'; readonly subject: string; readonly recording: ClientRecording };
