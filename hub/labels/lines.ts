import type { Content } from './content.ts'
import { isDrawable } from './symbols.ts'

/** The texts of a label from top to bottom, and what of them its form cannot draw. */
export interface Lines {
  readonly lines: readonly string[]
  readonly leftOut: readonly string[]
}

/** What stands beside the symbol: the thing, its pack, lot and days, and what the symbol says [GenSpecs 4.14, human readable interpretation]. */
export const linesOf = ({ item, level, wish, expiry, elements, says }: Content, bitmap: boolean): Lines => {
  const leftOut: string[] = []
  const drawn = (...wishes: readonly string[]): readonly string[] => {
    const [first = ''] = wishes
    if (!bitmap || isDrawable(first)) return first === '' ? [] : [first]
    leftOut.push(first)
    return wishes
      .slice(1)
      .filter((other) => other !== '' && isDrawable(other))
      .slice(0, 1)
  }
  const kind = [item.model, item.specification ?? ''].map(plain).filter((part) => part !== '')
  const written = elements.length > 0 ? elements.map(([ai, value]) => `(${ai})${value}`) : [says]
  const lines = [
    ...drawn(plain(item.name.zh), plain(item.name.en)),
    ...kind.flatMap((part) => drawn(part)),
    ...drawn(`${plain(level.pack)} = ${level.units} ${plain(item.unit.zh)}`, ...packsInEnglish(level, item)),
    ...dated(bitmap ? 'LOT' : '批号 LOT', wish.lotNumber === null ? null : plain(wish.lotNumber)).flatMap((line) => drawn(line)),
    ...dated(bitmap ? 'MFG' : '生产日期 MFG', wish.produced ?? null),
    ...dated(bitmap ? 'EXP' : '有效期至 EXP', expiry),
    ...written,
  ]
  return { lines, leftOut }
}

const packsInEnglish = ({ pack, units }: Content['level'], { unit }: Content['item']): readonly string[] => [
  `${plain(pack)} = ${units} ${plain(unit.en)}`,
  `${units} ${plain(unit.en)}`,
  `x ${units}`,
]

const dated = (name: string, value: string | null): readonly string[] => (value === null ? [] : [`${name} ${value}`])

/** One line of letters: what steers a printer or a page is no letter. */
const plain = (text: string): string =>
  text
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\s]+/gu, ' ')
    .toWellFormed()
    .trim()
