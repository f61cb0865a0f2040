/** Our few icons, drawn on one 20-unit grid with one stroke. */
const PATHS = {
  close: "M5 8l5 5 5-5",
  dots: "M4.5 10h.01M10 10h.01M15.5 10h.01",
  send: "M10 16V4.5M5 9l5-5 5 5",
  down: "M10 4v11M5.5 10.5L10 15l4.5-4.5",
  retry: "M15.5 10a5.5 5.5 0 1 1-1.7-4M15.5 3.5v3h-3",
  trash: "M5 6.5h10M8 6V4.5h4V6M6.5 6.5l.6 9h5.8l.6-9",
  check: "M4.5 10.5l3.5 3.5 7.5-8",
  cross: "M6 6l8 8M14 6l-8 8",
  gear: "M7 15.5h6M10 4v2M6 7.5h8a1.5 1.5 0 0 1 1.5 1.5v2A1.5 1.5 0 0 1 14 12.500H6A1.5 1.5 0 0 1 4.5 11V9A1.5 1.5 0 0 1 6 7.500zM8 10h.01M12 10h.01",
  person: "M10 10a3 3 0 1 0 0-6 3 3 0 0 0 0 6zM4.5 16.500c.6-3 2.8-4.5 5.5-4.500s4.9 1.5 5.5 4.5",
  clock: "M10 4a6 6 0 1 0 0 12 6 6 0 0 0 0-12zM10 7v3.200l2.2 1.500",
  plus: "M10 4.500v11M4.5 10h11",
  globe: "M10 3.500a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13zM3.5 10h13M10 3.500c4 4 4 9 0 13M10 3.500c-4 4-4 9 0 13",
} as const;

export function Icon({ name }: { name: keyof typeof PATHS }) {
  const width = name === "dots" ? 2.6 : 1.7;
  return (
    <svg
      class="icon"
      viewBox="0 0 20 20"
      fill="none"
      stroke="currentColor"
      stroke-width={width}
      stroke-linecap="round"
      stroke-linejoin="round"
      aria-hidden="true"
    >
      <path d={PATHS[name]} />
    </svg>
  );
}

/** The mark: three rising steps. */
export function Mark() {
  return (
    <svg class="mark" viewBox="0 0 20 20" fill="currentColor" aria-hidden="true">
      <rect x="3" y="11" width="3.6" height="6" rx="1.1" />
      <rect x="8.2" y="7.5" width="3.6" height="9.5" rx="1.1" />
      <rect x="13.4" y="4" width="3.6" height="13" rx="1.1" />
    </svg>
  );
}
