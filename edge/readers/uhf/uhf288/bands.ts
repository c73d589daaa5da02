import type { Region } from '../family.ts'

/**
 * The band in two bytes: two bits of it stand above the highest channel number, two above the lowest [UHF RFID Reader Series User Manual V2.20, 8.4.2].
 * The whole band of a region is asked for; the names of bands that are no region of ours are the module's own.
 */
export const bandOf = (region: Region): Band => {
  const { code, channels } = BANDS[region]
  return { highest: ((code >> 2) << 6) | (channels - 1), lowest: (code & 0x03) << 6 }
}

/** The two bytes as commands and the reader's information carry them. */
export interface Band {
  readonly highest: number
  readonly lowest: number
}

/** One of `REGIONS`, or the module's own name of its band. */
export const regionIn = ({ highest, lowest }: Band): string => {
  const code = ((highest >> 6) << 2) | (lowest >> 6)
  return NAMES[code] ?? `band-${code}`
}

/** Middle of the band, kHz: where a return loss is measured. A multiple of 100 or 125, as the reader demands. */
export const middleKHz = (region: Region): number => BANDS[region].middleKHz

const BANDS = {
  CN900: { code: 1, channels: 20, middleKHz: 922_500 },
  US: { code: 2, channels: 50, middleKHz: 915_000 },
  KR: { code: 3, channels: 32, middleKHz: 920_200 },
  EU: { code: 4, channels: 15, middleKHz: 866_500 },
  CN800: { code: 8, channels: 20, middleKHz: 842_500 },
} as const satisfies Readonly<Record<Region, { readonly code: number; readonly channels: number; readonly middleKHz: number }>>

const NAMES: Readonly<Record<number, string>> = {
  ...Object.fromEntries(Object.entries(BANDS).map(([region, { code }]) => [code, region])),
  0: 'user',
  6: 'ukraine',
  7: 'peru',
  9: 'EU3',
  10: 'taiwan',
  12: 'US3',
}
