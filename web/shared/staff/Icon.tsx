const PATHS = {
  back: "M12 4.5L6.5 10l5.5 5.5",
  send: "M10 16V4.5M5 9l5-5 5 5",
  check: "M4.5 10.5l3.5 3.5 7.5-8",
  person: "M10 10a3 3 0 1 0 0-6 3 3 0 0 0 0 6zM4.5 16.5c.6-3 2.8-4.5 5.5-4.5s4.9 1.5 5.5 4.5",
  team: "M7.5 9.5a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5zM3 15.5c.4-2.6 2.2-4 4.5-4s4.1 1.4 4.5 4M12.5 4.8a2.5 2.5 0 0 1 0 4.4M14 11.9c1.6.5 2.7 1.7 3 3.6",
  return: "M8 5L4.5 8.5 8 12M4.5 8.5H12a3.5 3.5 0 0 1 0 7H9",
  chart: "M4.5 15.5v-5M10 15.5v-11M15.5 15.5v-8",
  chat: "M4 5.5h12v8H9.5L6 16.5v-3H4z",
  globe: "M10 3.5a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13zM3.5 10h13M10 3.5c4 4 4 9 0 13M10 3.5c-4 4-4 9 0 13",
  moon: "M15.5 11.5A6 6 0 0 1 8.5 4.5a6 6 0 1 0 7 7z",
  out: "M8 4.5H5.5a1 1 0 0 0-1 1v9a1 1 0 0 0 1 1H8M12.5 13l3-3-3-3M15.5 10H8",
  down: "M5.5 8l4.5 4.5L14.5 8",
  retry: "M15.5 10a5.5 5.5 0 1 1-1.7-4M15.5 3.5v3h-3",
  trash: "M5 6.5h10M8 6V4.5h4V6M6.5 6.5l.6 9h5.8l.6-9",
  download: "M10 4v8.5M6.5 9.5L10 13l3.5-3.5M4.5 16h11",
  robot:
    "M10 4v2M6 6.5h8A1.5 1.5 0 0 1 15.5 8v4.5A1.5 1.5 0 0 1 14 14H6a1.5 1.5 0 0 1-1.5-1.5V8A1.5 1.5 0 0 1 6 6.5zM8 10.2h.01M12 10.2h.01M7 16.5h6",
  bulb: "M7.5 14h5M8 16.5h4M10 3.5a4.5 4.5 0 0 0-2.7 8.1c.5.4.7.9.7 1.4v1h4v-1c0-.5.2-1 .7-1.4A4.5 4.5 0 0 0 10 3.5z",
  page: "M6 3.5h5.5L15 7v9.5H6zM11.5 3.5V7H15M8.5 10.5h4M8.5 13h4",
  note: "M4.5 4.5h11v7.5l-3.5 3.5H4.5zM15.5 12H12v3.5M7.5 8h5M7.5 11h2.5",
  slash: "M4 4.5h12v9H9.5L6 16.5v-3H4zM11.3 6.8l-2.6 4.4",
  clock: "M10 3.5a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13zM10 6.5V10l2.5 2",
  pause: "M7.5 5.5v9M12.5 5.5v9",
  broken: "M7 3.5h6L16.5 7v6L13 16.5H7L3.5 13V7zM7.5 7.5l5 5M12.5 7.5l-5 5",
  cross: "M6 6l8 8M14 6l-8 8",
  alert: "M10 6.5v4M10 13.5h.01M10 3.5l7 12.5H3z",
} as const;

export type IconName = keyof typeof PATHS;

export function Icon({ name }: { name: IconName }) {
  return (
    <svg
      className="icon"
      viewBox="0 0 20 20"
      fill="none"
      stroke="currentColor"
      strokeWidth={1.6}
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
    >
      <path d={PATHS[name]} />
    </svg>
  );
}

/** The mark: three rising steps. */
export function Mark() {
  return (
    <svg className="mark" viewBox="0 0 20 20" fill="currentColor" aria-hidden="true">
      <rect x="3" y="11" width="3.6" height="6" rx="1.1" />
      <rect x="8.2" y="7.5" width="3.6" height="9.5" rx="1.1" />
      <rect x="13.4" y="4" width="3.6" height="13" rx="1.1" />
    </svg>
  );
}
