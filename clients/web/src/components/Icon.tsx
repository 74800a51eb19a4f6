/** The inlined icons: own line drawings on a 24 grid, decorative unless `label` is given. */

const SHAPES = {
  brand: "M3 12h4l2-6 4 13 3-9 1.5 2H21",
  bell: "M6 16V11a6 6 0 0 1 12 0v5l2 2H4zM10 21h4",
  "bell-off": "M6 16V11a6 6 0 0 1 9-5.2M18 12v4l2 2H8M10 21h4M3 3l18 18",
  search: "M11 4a7 7 0 1 0 0 14 7 7 0 0 0 0-14zM16.5 16.5 21 21",
  plus: "M12 5v14M5 12h14",
  check: "M4 13l5 5L20 6",
  checks: "M2 13l5 5L17 7M12 17l1 1L23 7",
  eye: "M2 12s4-7 10-7 10 7 10 7-4 7-10 7S2 12 2 12zM12 9a3 3 0 1 0 0 6 3 3 0 0 0 0-6z",
  cross: "M5 5l14 14M19 5 5 19",
  alert: "M12 3 2 20h20zM12 10v4M12 17v.5",
  clock: "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM12 7v5l3 3",
  user: "M12 4a4 4 0 1 0 0 8 4 4 0 0 0 0-8zM4 21a8 8 0 0 1 16 0",
  users: "M9 5a3.5 3.5 0 1 0 0 7 3.5 3.5 0 0 0 0-7zM2 20a7 7 0 0 1 14 0M16 5.5a3.5 3.5 0 0 1 0 6.5M18 14a7 7 0 0 1 4 6",
  phone: "M6 3h3l2 5-2.5 1.5a11 11 0 0 0 6 6L16 13l5 2v3a3 3 0 0 1-3 3A16 16 0 0 1 3 6a3 3 0 0 1 3-3z",
  image: "M3 5h18v14H3zM3 16l5-5 5 5 3-3 5 5M15.5 9v.5",
  send: "M4 12 20 4l-5 16-3-7zM12 13l8-9",
  copy: "M9 9h11v12H9zM5 15H4V3h11v2",
  arrow: "M5 12h14M13 6l6 6-6 6",
  back: "M19 12H5M11 6l-6 6 6 6",
  down: "M12 5v14M6 13l6 6 6-6",
  edit: "M4 20h4L20 8l-4-4L4 16zM14 6l4 4",
  lock: "M6 11h12v10H6zM8 11V8a4 4 0 0 1 8 0v3",
  out: "M14 4h6v16h-6M10 8l-4 4 4 4M6 12h9",
  shield: "M12 3 4 6v6c0 5 4 8 8 9 4-1 8-4 8-9V6zM9 12l2 2 4-4",
  list: "M8 6h13M8 12h13M8 18h13M3.5 6v.5M3.5 12v.5M3.5 18v.5",
  talk: "M4 4h16v12H9l-5 5z",
  play: "M7 4v16l13-8z",
  stop: "M6 6h12v12H6z",
  keys: "M2 6h20v12H2zM6 10v.5M10 10v.5M14 10v.5M18 10v.5M7 14h10",
  offline: "M3 3l18 18M5 12a10 10 0 0 1 4-2.4M19 12a10 10 0 0 0-5-2.7M8.5 15.5a5 5 0 0 1 7 0M12 19v.5",
  pointer: "M6 18 18 6M9 6h9v9",
} as const;

export type IconName = keyof typeof SHAPES;

export function Icon({ name, label }: { name: IconName; label?: string }) {
  return (
    <svg
      class="icon" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="2"
      stroke-linecap="round" stroke-linejoin="round"
      role={label ? "img" : undefined} aria-label={label} aria-hidden={label ? undefined : "true"}
    >
      <path d={SHAPES[name]} />
    </svg>
  );
}
