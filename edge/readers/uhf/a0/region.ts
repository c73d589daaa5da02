import type { Region } from '../family.ts'
import type { ReplyOf } from './commands.ts'

/** MHz of a frequency index [rfid.md 1.3]: two rasters of half a megahertz, one from 865.0 and one from 902.0. */
export const megahertzOf = (index: number): number => (index < SECOND_RASTER ? 865 + index / 2 : 902 + (index - SECOND_RASTER) / 2)

/** A band as the module is told it or tells it. */
export type Band = ReplyOf<'getRegion'> | ReplyOf<'getRegionOwn'>

/** The channels asked for in a region: all that lie inside its band with their own width. KR and CN800 have no number, but can be spelt out. */
export const BANDS: Readonly<Record<Region, Band>> = {
  CN900: { region: 'CHN', from: 44, to: 52 },
  US: { region: 'FCC', from: 8, to: 58 },
  EU: { region: 'ETSI', from: 2, to: 5 },
  CN800: { region: 'user', stepKHz: 250, count: 20, startKHz: 840_125 },
  KR: { region: 'user', stepKHz: 200, count: 32, startKHz: 917_100 },
}

/** One of our regions when the band lies in it, the narrowest first, else the band in words: what counts is where the module sends, not its name for it. */
export const regionOf = (band: Band): string => {
  const [from, to] = edgesOf(band)
  const inside = LIMITS.find(([, lowest, highest]) => from >= lowest && to <= highest)
  return inside?.[0] ?? `${band.region} ${from}-${to} MHz`
}

/** Whether the module needs no new setting: it sends on the channels wished, or on fewer of them that an installer chose. */
export const isWithin = (band: Band, wished: Band): boolean => {
  const [from, to] = edgesOf(band)
  const [lowest, highest] = edgesOf(wished)
  return from >= lowest && to <= highest
}

/** A frequency index in the middle of the region to measure antennas at; `null` where no index reaches. */
export const middleOf = (region: Region): number | null => MIDDLES[region]

const edgesOf = (band: Band): readonly [from: number, to: number] =>
  band.region === 'user'
    ? [band.startKHz / 1_000, (band.startKHz + band.stepKHz * Math.max(0, band.count - 1)) / 1_000]
    : [megahertzOf(band.from), megahertzOf(band.to)]

const LIMITS: readonly (readonly [region: Region, lowestMHz: number, highestMHz: number])[] = [
  ['EU', 865, 868],
  ['CN800', 840, 845],
  ['CN900', 920, 925],
  ['KR', 917, 923.5],
  ['US', 902, 928],
]
const MIDDLES: Readonly<Record<Region, number | null>> = { CN900: 48, US: 33, EU: 3, CN800: null, KR: 39 }
/** The first index of the raster from 902.0 MHz. */
const SECOND_RASTER = 7
