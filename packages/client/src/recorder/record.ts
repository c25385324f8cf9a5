import type { ClientRecording } from '@everywire/protocol';
import { type ClientIo, ClientRecorder, type ClientStart } from '@everywire/protocol/internal';
import { now } from '../clock.js';
import { ClientShell } from '../session-shell.js';
import type { SecondStage } from '../stages.js';
import type { TransportTable } from '../transport-table.js';
import type { WireClient, WireClientOptions } from '../wire-client.js';
import { WireSocket } from '../wire-socket.js';

/** A client with a recording of its session, to find the causes of failures and delays. */
export interface RecordedWireClient {
  readonly client: WireClient;
  /**
   * Returns the recording so far, as plain JSON of at most 64 kB. Available even after the end of the session. Contains
   * no contents of messages, no tokens and no ids.
   */
  readonly recording: ClientRecording;
}

/** Creates a client that records its session from the first call on. */
export function recorded(url: string, table: TransportTable, options: WireClientOptions): RecordedWireClient {
  const recorder = new ClientRecorder(now);
  class RecordedShell extends ClientShell {
    protected override begin(): void {
      recorder.start(this, () => {
        super.begin();
        return this.session as ClientStart;
      });
      let care: SecondStage | undefined;
      // The second stage (the session's code that is loaded after the page) sets `care` before it calls its session, so
      // the recorder can observe all calls.
      Object.defineProperty(this, 'care', {
        get: () => care,
        set: (joined: SecondStage & ClientIo) => {
          care = joined;
          recorder.adopted(joined.session, joined);
        },
      });
    }
  }
  return {
    client: new WireSocket(url, { ...table, shell: RecordedShell }, options),
    get recording() {
      return recorder.recording;
    },
  };
}
