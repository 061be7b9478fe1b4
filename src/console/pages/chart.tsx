/** A day in 24 bars. */
import { count } from "../format.ts";
import type { Hour } from "../model.ts";

const HEIGHT = 36;
const BAR = 7;
const GAP = 2;

interface ChartProps {
  hours: readonly Hour[];
  of: "events" | "replies";
  label: string;
}

/** What is red of the bar has failed, or did not leave. */
export function Chart({ hours, of, label }: ChartProps) {
  const highest = Math.max(1, ...hours.map((hour) => hour[of]));
  const total = hours.reduce((sum, hour) => sum + hour[of], 0);
  const width = hours.length * (BAR + GAP) - GAP;
  return (
    <figure class="chart">
      <svg
        viewBox={`0 0 ${width} ${HEIGHT}`}
        width={width}
        height={HEIGHT}
        role="img"
        aria-label={`${label}: ${total}`}
      >
        {hours.map((hour, index) => {
          const x = index * (BAR + GAP);
          const height = hour[of] === 0 ? 1 : Math.max(2, Math.round((hour[of] / highest) * HEIGHT));
          const failed =
            of === "replies" && hour.failed > 0 ? Math.max(2, Math.round((hour.failed / highest) * HEIGHT)) : 0;
          return (
            <g>
              <title>{`${new Date(hour.at).toISOString().slice(11, 16)} UTC: ${hour[of]}`}</title>
              <rect class={hour[of] === 0 ? "none" : of} x={x} y={HEIGHT - height} width={BAR} height={height} rx={1} />
              {failed > 0 && <rect class="failed" x={x} y={HEIGHT - failed} width={BAR} height={failed} rx={1} />}
            </g>
          );
        })}
      </svg>
      <figcaption>
        <b>{count(total)}</b> {label}
      </figcaption>
    </figure>
  );
}
