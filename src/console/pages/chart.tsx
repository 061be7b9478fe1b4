/** The last 24 hours as bars, one an hour. */
import { count } from "../format.ts";
import type { Day } from "../../api/feed.ts";

import { totalOf } from "./day.ts";

/** Units of the drawing, which is stretched to the available space. */
const HEIGHT = 40;
const BAR = 7;
const GAP = 2;

interface ChartProps {
  hours: Day["hours"];
  of: "events" | "replies";
  label: string;
}

/** With the total. */
export function Chart({ hours, of, label }: ChartProps) {
  return (
    <figure class="chart">
      <Bars hours={hours} of={of} label={label} />
      <figcaption>
        <b>{count(totalOf(hours, of))}</b> {label}
      </figcaption>
    </figure>
  );
}

/** The bars alone. The red part of a bar has failed, or was not sent. */
export function Bars({ hours, of, label }: ChartProps) {
  const highest = Math.max(1, ...hours.map((hour) => hour[of]));
  const heightOf = (value: number): number => (value === 0 ? 0 : Math.max(3, Math.round((value / highest) * HEIGHT)));
  return (
    <svg
      viewBox={`0 0 ${hours.length * (BAR + GAP) - GAP} ${HEIGHT}`}
      preserveAspectRatio="none"
      role="img"
      aria-label={`${label}: ${count(totalOf(hours, of))}, peak ${count(highest)} an hour`}
    >
      {hours.map((hour, index) => {
        const x = index * (BAR + GAP);
        const height = heightOf(hour[of]);
        const failed = of === "replies" ? heightOf(hour.failed) : 0;
        return (
          <g>
            <title
              data-at={hour.at}
            >{`${new Date(hour.at).toISOString().slice(11, 16)} UTC: ${count(hour[of])}`}</title>
            {height === 0 && <rect class="none" x={x} y={HEIGHT - 1} width={BAR} height={1} />}
            {height > 0 && <rect class={of} x={x} y={HEIGHT - height} width={BAR} height={height} />}
            {failed > 0 && <rect class="failed" x={x} y={HEIGHT - failed} width={BAR} height={failed} />}
          </g>
        );
      })}
    </svg>
  );
}
