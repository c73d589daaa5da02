import type { PackCode, PackLevel } from '@lotkeeper/protocol/ledger/master.ts'
import type { Refusal } from '@lotkeeper/protocol/refusals.ts'
import { codesOf, judgePacks } from '@lotkeeper/protocol/rules/packs.ts'

/** A pack level while it is written: what it holds is named by its row, so that a level may be renamed; `null` holds base units. */
export interface LevelDraft {
  readonly row: string
  readonly pack: string
  readonly quantity: number | null
  readonly of: string | null
  readonly codes: readonly CodeDraft[]
}
export interface CodeDraft {
  readonly row: string
  readonly scheme: PackCode['scheme']
  readonly code: string
}

/** Base units of each row, as far as they can be reckoned: `null` while a quantity is missing or a level comes to hold itself. */
export const unitsOf = (levels: readonly LevelDraft[]): ReadonlyMap<string, number | null> =>
  new Map(levels.map((level) => [level.row, reckoned(level, levels, new Set())]))

const reckoned = (level: LevelDraft, levels: readonly LevelDraft[], above: ReadonlySet<string>): number | null => {
  if (level.quantity === null || above.has(level.row)) return null
  if (level.of === null) return level.quantity
  const below = levels.find(({ row }) => row === level.of)
  const units = below ? reckoned(below, levels, new Set([...above, level.row])) : null
  return units === null ? null : units * level.quantity
}

/** The levels as they are saved. Shorter GTINs are the same number with zeros in front [GS1 GenSpecs 3.3.2]. */
export const packsOf = (levels: readonly LevelDraft[]): readonly PackLevel[] => {
  const units = unitsOf(levels)
  return levels.map((level) => levelOf(level, levels, units.get(level.row) ?? null))
}

const levelOf = ({ pack, quantity, of, codes }: LevelDraft, levels: readonly LevelDraft[], units: number | null): PackLevel => {
  const known = codes.flatMap(({ scheme, code }) => (code.trim() === '' ? [] : [{ scheme, code: codeText(scheme, code) }]))
  const first = known.find(({ scheme }) => scheme === 'gtin')
  const others = known.filter((one) => one !== first)
  const below = levels.find(({ row }) => row === of)
  return {
    pack: pack.trim(),
    units: units ?? Number.NaN,
    gtin: first?.code ?? null,
    ...(others.length === 0 ? {} : { codes: others }),
    ...(below && quantity !== null ? { of: { pack: below.pack.trim(), quantity } } : {}),
  }
}

/** What is wrong with which row, by the very rule the hub judges with; a row is judged with what it holds and with what bears its name or codes. */
export const wrongRows = (levels: readonly LevelDraft[]): ReadonlyMap<string, Refusal> => {
  const wrong = new Map<string, Refusal>()
  for (const [at, level] of levels.entries()) {
    if (level.pack.trim() === '' || level.quantity === null) continue
    const chain = chainOf(level, levels)
    const twins = levels.slice(0, at).filter((one) => !chain.includes(one) && isTwin(one, level, levels))
    const refusal = judgeRows(level, [...chain, ...twins], levels)
    if (refusal) wrong.set(level.row, refusal)
  }
  return wrong
}

const judgeRows = (level: LevelDraft, rows: readonly LevelDraft[], levels: readonly LevelDraft[]): Refusal | null => {
  const units = unitsOf(levels)
  const packs = rows.map((row) => levelOf(row, levels, units.get(row.row) ?? null))
  // In a loop nothing can be reckoned; with ones everywhere nothing but the loop is wrong.
  const judged = loops(level, levels)
    ? packs.map((pack) => ({ ...pack, units: 1, ...(pack.of ? { of: { ...pack.of, quantity: 1 } } : {}) }))
    : packs
  const refusal = judgePacks('', judged)
  return refusal && concerns(refusal, level) ? refusal : null
}

const concerns = ({ facts }: Refusal, { pack, codes }: LevelDraft): boolean =>
  facts['pack'] === pack.trim() || codes.some(({ scheme, code }) => codeText(scheme, code) === facts['gtin'])

/** A level and everything it holds, however far down; a loop ends where it comes back. */
const chainOf = (level: LevelDraft, levels: readonly LevelDraft[]): readonly LevelDraft[] => {
  const chain = [level]
  for (let below = heldBy(level, levels); below && !chain.includes(below); below = heldBy(below, levels)) chain.push(below)
  return chain
}

const loops = (level: LevelDraft, levels: readonly LevelDraft[]): boolean => {
  const last = chainOf(level, levels).at(-1)
  return last !== undefined && heldBy(last, levels) !== undefined
}

const heldBy = ({ of }: LevelDraft, levels: readonly LevelDraft[]): LevelDraft | undefined => levels.find(({ row }) => row === of)

const isTwin = (one: LevelDraft, other: LevelDraft, levels: readonly LevelDraft[]): boolean => {
  if (one.pack.trim() === other.pack.trim()) return true
  const codes = new Set(codesOf(levelOf(one, levels, 1)).map(({ scheme, code }) => `${scheme}:${code}`))
  return codesOf(levelOf(other, levels, 1)).some(({ scheme, code }) => codes.has(`${scheme}:${code}`))
}

const codeText = (scheme: string, code: string): string => (scheme === 'gtin' ? code.trim().padStart(14, '0') : code.trim())

/** The levels of a saved item, as they are written on. A level that names no other holds base units. */
export const levelsOf = (packs: readonly PackLevel[], newRow: () => string): readonly LevelDraft[] => {
  const rows = packs.map((level) => ({ level, row: newRow() }))
  return rows.map(({ level, row }) => ({
    row,
    pack: level.pack,
    quantity: level.of ? level.of.quantity : level.units,
    of: level.of ? (rows.find((one) => one.level.pack === level.of?.pack)?.row ?? null) : null,
    codes: codesOf(level).map(({ scheme, code }) => ({ row: newRow(), scheme: scheme as PackCode['scheme'], code })),
  }))
}
