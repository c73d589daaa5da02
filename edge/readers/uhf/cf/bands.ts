import { REGIONS, type Region } from '../family.ts'
import type { Parameters } from './commands.ts'

/**
 * The band of a region as the parameter block carries it. The number at the end is taken as that of the last channel, from 0, as in a captured US
 * reader (902.75 MHz, 500 kHz, 49, its last 927.25 MHz); readers that mean a count leave the last channel out and stay inside the law.
 */
export const bandOf = (region: Region): Band => BANDS[region]

export type Band = Pick<Parameters, 'region' | 'startMHz' | 'startKHz' | 'stepKHz' | 'lastChannel'>

/** The region whose band holds all channels of the module, or the module's band in MHz. */
export const regionIn = (band: Omit<Band, 'region'>): string => {
  const [from, to] = edgesOf(band)
  const region = NARROW_FIRST.find((one) => {
    const [least, most] = edgesOf(BANDS[one])
    return from >= least && to <= most
  })
  return region ?? `${from / 1_000}-${to / 1_000} MHz`
}

/** Region code of a band given by its frequencies alone. */
export const CUSTOM = 0

const edgesOf = ({ startMHz, startKHz, stepKHz, lastChannel }: Omit<Band, 'region'>): readonly [from: number, to: number] => {
  const from = startMHz * 1_000 + startKHz
  return [from, from + stepKHz * lastChannel]
}

const BANDS: Readonly<Record<Region, Band>> = {
  CN900: { region: 8, startMHz: 920, startKHz: 125, stepKHz: 250, lastChannel: 19 },
  US: { region: 1, startMHz: 902, startKHz: 750, stepKHz: 500, lastChannel: 49 },
  EU: { region: 3, startMHz: 865, startKHz: 100, stepKHz: 200, lastChannel: 14 },
  CN800: { region: 7, startMHz: 840, startKHz: 125, stepKHz: 250, lastChannel: 19 },
  KR: { region: 2, startMHz: 917, startKHz: 100, stepKHz: 200, lastChannel: 31 },
}
/** The American band holds the Chinese and the Korean one. */
const NARROW_FIRST: readonly Region[] = [...REGIONS.filter((region) => region !== 'US'), 'US']
