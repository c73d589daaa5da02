/** What a node finds wrong with a device that works, the gravest first. A name told to the county never changes its meaning. */
export const DEVICE_FAULTS = [
  'antennas-swapped',
  'antenna-dead',
  'antenna-loose',
  'reader-deaf',
  'module-fault',
  'overrun',
  'module-hot',
  'module-power',
  'module-full',
  'return-loss',
  'antenna-weak',
  'read-noise',
] as const
/** The same, and what is no fault of the device: a label that is hardly heard. */
export const DEVICE_FINDINGS = [...DEVICE_FAULTS, 'tag-dying'] as const
export type DeviceFinding = (typeof DEVICE_FINDINGS)[number]
