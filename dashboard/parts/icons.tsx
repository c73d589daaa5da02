/** The icons of both pages: one pen, 24 units, drawn here so that no font or set has to travel to a tablet. A word always stands beside. */
export const Icon = ({ name, size = 20 }: { readonly name: IconName; readonly size?: number }) => (
  <svg className="icon" width={size} height={size} viewBox="0 0 24 24" aria-hidden="true">
    <path d={ICONS[name]} />
  </svg>
)

/** Every icon by what it means, never by what it looks like. */
export const ICONS = {
  board: 'M4 4h7v9H4zM13 4h7v5h-7zM13 11h7v9h-7zM4 15h7v5H4z',
  stock: 'M4 8l8-4 8 4v8l-8 4-8-4zM4 8l8 4 8-4M12 12v8',
  expiring: 'M7 3h10M7 21h10M8 3v4l4 5 4-5V3M8 21v-4l4-5 4 5v4',
  journey: 'M6 19a2 2 0 1 0 0-4 2 2 0 0 0 0 4zM18 9a2 2 0 1 0 0-4 2 2 0 0 0 0 4zM8 17h6a4 4 0 0 0 0-8h-3a3 3 0 0 1 0-2h5',
  movements: 'M4 8h13M14 5l3 3-3 3M20 16H7M10 13l-3 3 3 3',
  discrepancy: 'M12 4v16M7 20h10M5 7h14M5 7l-2 6h4zM19 7l-2 6h4z',
  node: 'M4 14h16v5H4zM7 16.5h.01M10 16.5h.01M12 14v-3M8.5 8.5a5 5 0 0 1 7 0M6 6a8.5 8.5 0 0 1 12 0',
  item: 'M5 4h10l4 4v12H5zM9 10h6M9 14h6M9 17h3',
  tag: 'M4 4h8l8 8-8 8-8-8zM8.5 8.5h.01',
  in: 'M12 3v10M8 9.5l4 4 4-4M4 14v6h16v-6',
  out: 'M12 14V4M8 7.5l4-4 4 4M4 14v6h16v-6',
  task: 'M9 4h6v3H9zM9 5H5v15h14V5h-4M9 13l2.2 2.2L15.5 11',
  alarm: 'M6 10a6 6 0 0 1 12 0c0 5 2 6 2 7H4c0-1 2-2 2-7M10 20.5a2.2 2.2 0 0 0 4 0',
  link: 'M5 12a10 10 0 0 1 14 0M8 15a5.6 5.6 0 0 1 8 0M12 18.5h.01M2.5 9a14 14 0 0 1 19 0',
  'link-off':
    'M3 3l18 18M8 15a5.6 5.6 0 0 1 6-1.2M12 18.5h.01M5 12a10 10 0 0 1 4-2.4M14 9.2a10 10 0 0 1 5 2.8M2.5 9A14 14 0 0 1 7 6.3M11 5a14 14 0 0 1 10.5 4',
  ok: 'M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM8 12.2l2.8 2.8L16 9.5',
  near: 'M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM12 7v5l3 2',
  expired: 'M8.5 3h7L21 8.5v7L15.5 21h-7L3 15.5v-7zM9 9l6 6M15 9l-6 6',
  warn: 'M12 4l9 16H3zM12 10v4.5M12 17.3h.01',
  unknown: 'M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM9.5 9.5a2.5 2.5 0 1 1 3.6 2.3c-.7.4-1.1.9-1.1 1.7M12 16.6h.01',
  door: 'M6 21V4h9v17M4 21h16M15 6l4 1.5V21M12 12.5h.01',
  scan: 'M4 8V5h3M17 5h3v3M20 16v3h-3M7 19H4v-3M8 9v6M11 9v6M13.5 9v6M16 9v6',
  hand: 'M7 12V7.5a1.4 1.4 0 0 1 2.8 0V11M9.8 10.5V5.4a1.4 1.4 0 0 1 2.8 0v5M12.6 10.5V6.4a1.4 1.4 0 0 1 2.8 0V12M15.4 9.4a1.4 1.4 0 0 1 2.8 0V15a6 6 0 0 1-6 6c-3 0-4.3-1.6-5.6-4L4.4 13.6a1.4 1.4 0 0 1 2.5-1.4L8 14',
  hub: 'M4 20V10l8-6 8 6v10M4 20h16M9 20v-6h6v6',
  search: 'M10.5 17a6.5 6.5 0 1 0 0-13 6.5 6.5 0 0 0 0 13zM15.5 15.5L20 20',
  plus: 'M12 5v14M5 12h14',
  minus: 'M5 12h14',
  back: 'M15 5l-7 7 7 7',
  forward: 'M9 5l7 7-7 7',
  down: 'M5 9l7 7 7-7',
  close: 'M6 6l12 12M18 6L6 18',
  undo: 'M8 5L4 9l4 4M4 9h10a5 5 0 0 1 0 10h-4',
  sound: 'M4 10v4h3l5 4V6L7 10zM15.5 9a4 4 0 0 1 0 6M18 6.5a8 8 0 0 1 0 11',
  mute: 'M4 10v4h3l5 4V6L7 10zM16 10l4 4M20 10l-4 4',
  globe: 'M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM3 12h18M12 3c3 3 3 15 0 18M12 3c-3 3-3 15 0 18',
  person: 'M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM4.5 20c1-4 4-5.5 7.5-5.5s6.5 1.5 7.5 5.5',
  menu: 'M4 7h16M4 12h16M4 17h16',
  renew: 'M20 11a8 8 0 0 0-14-4.5L4 9M4 4v5h5M4 13a8 8 0 0 0 14 4.5l2-2.5M20 20v-5h-5',
  copy: 'M9 9h11v11H9zM5 15H4V4h11v1',
  key: 'M14.5 13a4.5 4.5 0 1 0-4.3-3.2L4 16v4h4v-2h2v-2h2l1.2-1.2c.4.1.9.2 1.3.2zM15.5 8.5h.01',
  leave: 'M10 4H5v16h5M14 8l4 4-4 4M18 12H9',
  clock: 'M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM12 7v5h4',
  truck: 'M3 6h11v10H3zM14 9h4l3 4v3h-7M7 19a2 2 0 1 0 0-4 2 2 0 0 0 0 4zM17 19a2 2 0 1 0 0-4 2 2 0 0 0 0 4z',
  upload: 'M12 16V5M8 8.5L12 4.5l4 4M5 19h14',
  home: 'M4 11l8-7 8 7v9h-5v-6H9v6H4z',
  list: 'M8 6h12M8 12h12M8 18h12M4 6h.01M4 12h.01M4 18h.01',
  erase: 'M9 6h11v12H9l-5-6zM12 10l4 4M16 10l-4 4',
  accept: 'M5 4h10l4 4v12H5zM8.5 13.5l2.5 2.5 4.5-5',
} as const
export type IconName = keyof typeof ICONS
