import type { Region } from './family.ts'

/**
 * Bands a reader may send in by the law of a country. China: 920-925 MHz alone; 840-845 MHz ran out for readers with the rules the ministry made in 2024.
 * A county elsewhere says so in its settings.
 */
export const LAWS = {
  CN: { zh: '中国', en: 'China', regions: ['CN900'] },
  US: { zh: '美国', en: 'United States', regions: ['US'] },
  EU: { zh: '欧盟', en: 'European Union', regions: ['EU'] },
  KR: { zh: '韩国', en: 'Korea', regions: ['KR'] },
} as const satisfies Readonly<Record<string, { readonly zh: string; readonly en: string; readonly regions: readonly Region[] }>>

export type Country = keyof typeof LAWS
export const COUNTRIES = Object.keys(LAWS) as readonly Country[]

/** Whether a reader may send in a band there. */
export const isLawful = (country: Country, region: Region): boolean => (LAWS[country].regions as readonly Region[]).includes(region)
