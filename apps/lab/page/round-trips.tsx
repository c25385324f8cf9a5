import { useEffect, useRef } from 'react';
import UPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';

const HEIGHT = 120;

/** Draws the round trips (ms) of the messages in order of arrival. The percentiles next to the drawing state the same in text. */
export function RoundTrips({ values, label }: { readonly values: readonly number[]; readonly label: string }) {
  const box = useRef<HTMLDivElement>(null);
  const plot = useRef<UPlot | null>(null);

  useEffect(() => {
    const element = box.current;
    if (!element) return;
    const color = getComputedStyle(element.parentElement ?? element).color;
    const axis = { stroke: color, grid: { stroke: `color-mix(in srgb, ${color} 15%, transparent)` }, size: 56 };
    const options: UPlot.Options = {
      width: element.clientWidth,
      height: HEIGHT,
      legend: { show: false },
      cursor: { show: false },
      scales: { x: { time: false }, y: { range: (_plot, _min, max) => [0, Math.max(1, max * 1.1)] } },
      axes: [{ ...axis, size: 28 }, axis],
      series: [{}, { stroke: getComputedStyle(element).color, width: 1.5, points: { show: false } }],
    };
    const created = new UPlot(options, [[], []], element);
    plot.current = created;
    const observer = new ResizeObserver(() => created.setSize({ width: element.clientWidth, height: HEIGHT }));
    observer.observe(element);
    return () => {
      observer.disconnect();
      created.destroy();
    };
  }, []);

  useEffect(() => {
    plot.current?.setData([values.map((_, index) => index + 1), [...values]]);
  }, [values]);

  return <div ref={box} className="plot" role="img" aria-label={label} />;
}
