/** Line icons, drawn for this console on a grid of 20. */

const PATHS = {
  home: "M3.5 9.5 10 4l6.5 5.5V16a.5.5 0 0 1-.5.5h-3.5V12h-5v4.5H4a.5.5 0 0 1-.5-.5z",
  pulse: "M2.5 10.5h3L8 4.5l4 11 2.2-5h3.3",
  send: "M3 9.5 17 3.5l-5 13.5-2.6-5.6z M9.4 11.4 17 3.5",
  bolt: "M11 2.5 4.5 11.5h4.6L8.5 17.5l7-9.5h-4.8z",
  chat: "M3.5 5h13v9h-7l-3.5 3v-3h-2.5z",
  sliders: "M4 6h7 M15 6h1 M4 14h1 M9 14h7 M13 4v4 M7 12v4",
  box: "M3.5 6.5 10 3l6.5 3.5v7L10 17l-6.5-3.5z M3.5 6.5 10 10l6.5-3.5 M10 10v7",
  heart: "M2.5 10h3.3l1.7-3 2.6 6 2-4.4.9 1.4h4.5",
  check: "M4 11l4 4 8-10",
  stop: "M7 2.5h6L17.5 7v6L13 17.5H7L2.5 13V7z M7 10h6",
  moon: "M16 11.5A6.5 6.5 0 0 1 8.5 4a6.5 6.5 0 1 0 7.5 7.5z",
  exit: "M8 3.5H4.5v13H8 M9 10h7.5 M13.5 7l3 3-3 3",
  search: "M9 3.5a5.5 5.5 0 1 0 0 11 5.5 5.5 0 0 0 0-11z M13 13l3.5 3.5",
} as const;

export type IconName = keyof typeof PATHS;

export function Icon({ name }: { name: IconName }) {
  return (
    <svg class="icon-line" viewBox="0 0 20 20" width="20" height="20" aria-hidden="true" focusable="false">
      <path d={PATHS[name]} />
    </svg>
  );
}
