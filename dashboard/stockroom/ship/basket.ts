import type { ScanView } from '@lotkeeper/protocol/api/node.ts'
import type { StockRow } from '@lotkeeper/protocol/api/views.ts'

/** One line of what is sent: packs of one lot, with the tags they carry. */
export interface ShipLine {
  readonly row: StockRow
  readonly pack: string
  readonly quantity: number
  readonly tags: readonly string[]
}

type Code = Pick<ScanView, 'epc' | 'pack'>

/** Adds one pack: as its code says, or as it is usually sent; the same tag again is the same box. */
export const withPack = (
  lines: readonly ShipLine[],
  row: StockRow,
  code: Code | null,
  usualPack: string,
): { readonly lines: readonly ShipLine[]; readonly again: boolean } => {
  const tag = code?.epc ?? null
  if (tag !== null && lines.some((line) => line.tags.includes(tag))) return { lines, again: true }
  const pack = code?.pack ?? usualPack
  const added = tag === null ? [] : [tag]
  const same = lines.find((line) => isSame(line, row) && line.pack === pack)
  const next: ShipLine = same
    ? { ...same, quantity: same.quantity + 1, tags: [...same.tags, ...added] }
    : { row, pack, quantity: 1, tags: added }
  return { lines: same ? lines.map((line) => (line === same ? next : line)) : [...lines, next], again: false }
}

/** Units of a lot that all its lines take together: two packs of one lot come from one shelf. */
export const unitsTaken = (lines: readonly ShipLine[], row: StockRow, unitsOf: (line: ShipLine) => number): number =>
  lines.filter((line) => isSame(line, row)).reduce((sum, line) => sum + line.quantity * unitsOf(line), 0)

const isSame = (line: ShipLine, row: StockRow): boolean => line.row.lot === row.lot && line.row.place === row.place
