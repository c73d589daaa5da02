import { gtin14Of } from '@lotkeeper/protocol/codes/check-digit.ts'
import type { PackCode, PackLevel } from '@lotkeeper/protocol/ledger/master.ts'
import { isRefusal, type Refusal, refuse } from '@lotkeeper/protocol/refusals.ts'
import { cleanedCode, listCell, listIn } from './cells.ts'

/**
 * The pack graph of an item in one cell: a row for each level, with its name, how many base units it holds (or how many of which other level),
 * and its codes: `包 | 1 | 06901234567892; 箱 | 50*包 | 16901234567899 | ma:MA.156...`. A code alone stands for one base unit.
 */
export const packsIn = (item: string, unit: string, cell: string): readonly PackLevel[] | Refusal => {
  const rows = listIn(cell).map(([name = '', size, ...codes]) =>
    size === undefined ? { name: unit === '' ? 'base' : unit, size: '1', codes: [name] } : { name, size, codes },
  )
  const levels: Level[] = []
  for (const { name, size, codes } of rows) {
    const level = levelIn(item, name, size, codes)
    if (isRefusal(level)) return level
    levels.push(level)
  }
  const whole = levels.map((level) => wholeOf(item, level, levels))
  return whole.find(isRefusal) ?? (whole as readonly PackLevel[])
}

/** The same cell for levels that are known. */
export const packsCell = (packs: readonly PackLevel[]): string =>
  listCell(
    packs.map(({ pack, units, gtin, codes = [], of }) => [
      pack,
      of ? `${of.quantity}*${of.pack}` : String(units),
      ...(gtin === null ? [] : [gtin]),
      ...codes.map(({ scheme, code }) => `${scheme}:${code}`),
    ]),
  )

interface Level {
  readonly pack: string
  readonly quantity: number
  readonly below: string | null
  readonly gtin: string | null
  readonly codes: readonly PackCode[]
}

const levelIn = (item: string, pack: string, size: string, said: readonly string[]): Level | Refusal => {
  const [, factor = '', below = ''] = /^([^*×xX]*)(?:[*×xX](.*))?$/.exec(size) ?? []
  const quantity = Number(factor.trim())
  // Kept as exact whole numbers: half a box is a level of its own, never a factor.
  if (!/^\d+$/.test(factor.trim()) || !Number.isSafeInteger(quantity) || quantity < 1)
    return refuse('catalog.factor-not-whole', { item, pack, factor: factor.trim() })
  let gtin: string | null = null
  const codes: PackCode[] = []
  for (const text of said.map(cleanedCode).filter((code) => code !== '')) {
    const [, scheme = '', rest = ''] = /^(gtin|ma|ahm|hibc|local):(.+)$/i.exec(text) ?? []
    const code = scheme === '' || /^gtin$/i.test(scheme) ? gtin14Of(scheme === '' ? text : rest) : rest
    if (isRefusal(code)) return code
    if (scheme === '' && gtin === null) gtin = code
    else codes.push({ scheme: (scheme === '' ? 'gtin' : scheme.toLowerCase()) as PackCode['scheme'], code })
  }
  return { pack, quantity, below: below.trim() === '' ? null : below.trim(), gtin, codes }
}

/** A level in base units, through all that lie below it. */
const wholeOf = (item: string, level: Level, levels: readonly Level[]): PackLevel | Refusal => {
  let units = level.quantity
  const seen = new Set([level.pack])
  for (let name = level.below; name !== null; ) {
    const below = levels.find(({ pack }) => pack === name)
    if (!below) return refuse('catalog.pack-unknown', { item, pack: name })
    if (seen.has(name)) return refuse('catalog.pack-loop', { item, pack: level.pack })
    seen.add(name)
    units *= below.quantity
    name = below.below
  }
  const { pack, gtin, codes, below, quantity } = level
  return {
    ...{ pack, units, gtin },
    ...(codes.length === 0 ? {} : { codes: [...codes] }),
    ...(below === null ? {} : { of: { pack: below, quantity } }),
  }
}
