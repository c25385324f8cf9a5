import { useCallback, useEffect, useRef, useState } from 'react';
import { type LabReport, type LaneName, type LastingFault, laneNames, type MomentaryFault } from '../src/reports.js';
import { connected, type LaneRecord, newRecord, withNews, withReport } from './lane-record.js';
import type { LaneNews, LaneOrder } from './messages.js';

/** How often the page is drawn again. Reports and news in between only change `live`. */
const SHOW_MS = 250;

/** The records of all lanes. */
export type Lanes = Readonly<Record<LaneName, LaneRecord>>;

const noLanes = Object.fromEntries(laneNames.map((name) => [name, newRecord])) as Lanes;

/**
 * Returns the current lanes, updated four times a second, and the actions on them. Collects the news of the frames and the
 * reports of the lab's server. The caller must render one frame for each lane and pass it to `frameOf`.
 */
export function useLanes(originOf: (name: LaneName) => string) {
  const live = useRef<Lanes>(noLanes);
  const frames = useRef(new Map<LaneName, HTMLIFrameElement>());
  const startedAt = useRef(0);
  const [shown, setShown] = useState<{ readonly lanes: Lanes; readonly now: number }>({ lanes: noLanes, now: 0 });

  const change = useCallback((name: LaneName, by: (record: LaneRecord) => LaneRecord): void => {
    live.current = { ...live.current, [name]: by(live.current[name]) };
  }, []);

  useEffect(() => {
    const listen = ({ source, origin, data }: MessageEvent<LaneNews>): void => {
      const name = laneNames.find((each) => frames.current.get(each)?.contentWindow === source);
      if (name && origin === originOf(name)) change(name, (record) => withNews(record, data));
    };
    addEventListener('message', listen);
    const events = new EventSource('/events');
    events.onmessage = ({ data }) => {
      const reports: LabReport = JSON.parse(data);
      for (const name of laneNames) change(name, (record) => withReport(record, reports[name]));
    };
    const timer = setInterval(() => {
      setShown({ lanes: live.current, now: performance.now() - startedAt.current });
    }, SHOW_MS);
    return () => {
      removeEventListener('message', listen);
      events.close();
      clearInterval(timer);
    };
  }, [change, originOf]);

  const order = useCallback(
    (orderOf: (name: LaneName) => LaneOrder | null): void => {
      for (const [name, frame] of frames.current) {
        const laneOrder = orderOf(name);
        if (laneOrder) frame.contentWindow?.postMessage(laneOrder, originOf(name));
      }
    },
    [originOf],
  );

  return {
    ...shown,
    frameOf: (name: LaneName) => (frame: HTMLIFrameElement | null) => {
      if (frame) frames.current.set(name, frame);
      else frames.current.delete(name);
    },
    connect: () => {
      startedAt.current = performance.now();
      for (const name of laneNames) change(name, connected);
      order((name) => ({ act: 'start', transport: name === 'automatic' ? null : name }));
    },
    requestReport: useCallback(
      (lane: LaneName) => order((name) => (name === lane ? { act: 'report' } : null)),
      [order],
    ),
    disconnect: () => order(() => ({ act: 'stop' })),
    send: (count: number, bytes: number, everyMs: number) => order(() => ({ act: 'send', count, bytes, everyMs })),
    injure: (lane: LaneName, fault: LastingFault | MomentaryFault, inForce?: boolean) =>
      void fetch(`/lanes/${lane}/${fault}${inForce === undefined ? '' : `?on=${inForce ? 1 : 0}`}`, { method: 'POST' }),
  };
}
