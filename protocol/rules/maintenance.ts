/**
 * Work on a device, as the `what` of a `maintenance` entry. `renews`: which antennas must be measured anew after it, because what was usual before holds
 * no longer; cleaning and a new cable bring an antenna back to what was usual, and that is checked.
 */
export const MAINTENANCE = {
  cleaned: { renews: 'none', zh: '擦拭清洁', en: 'Cleaned' },
  'cable-replaced': { renews: 'none', zh: '紧固或更换馈线', en: 'Cable tightened or replaced' },
  'plugs-exchanged': { renews: 'door', zh: '对调天线插头', en: 'Antenna plugs exchanged' },
  'antenna-moved': { renews: 'antenna', zh: '移动或转动天线', en: 'Antenna moved or turned' },
  'antenna-replaced': { renews: 'antenna', zh: '更换天线', en: 'Antenna replaced' },
  'reader-replaced': { renews: 'reader', zh: '更换设备', en: 'Device replaced' },
  battery: { renews: 'none', zh: '充电或更换电池', en: 'Battery charged or replaced' },
  other: { renews: 'none', zh: '其他', en: 'Other' },
} as const satisfies Record<string, { readonly renews: 'none' | 'antenna' | 'reader' | 'door'; readonly zh: string; readonly en: string }>
export type MaintenanceWork = keyof typeof MAINTENANCE

/** Whether this version knows the work; a later one may write others, which are shown by their name. */
export const isMaintenanceWork = (what: string): what is MaintenanceWork => Object.hasOwn(MAINTENANCE, what)
