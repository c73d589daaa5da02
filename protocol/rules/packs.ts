import { isCheckDigitRight } from '../codes/check-digit.ts'
import type { PackLevel } from '../ledger/master.ts'
import { type Refusal, refuse } from '../refusals.ts'

/**
 * Judges the pack graph of one item (R20, R25): every level has one name and whole base units; a level made of another holds exactly so many times
 * its units; no level holds itself, however far down; one code names one level. `null`: it is right.
 */
export const judgePacks = (item: string, packs: readonly PackLevel[]): Refusal | null => {
  const byName = new Map(packs.map((level) => [level.pack, level]))
  const codes = new Set<string>()
  for (const [at, level] of packs.entries()) {
    if (packs.findIndex(({ pack }) => pack === level.pack) < at) return refuse('catalog.pack-twice', { item, pack: level.pack })
    const wrong = judgeUnits(item, level, byName) ?? judgeLoop(item, level, byName)
    if (wrong) return wrong
    for (const code of codesOf(level)) {
      if (code.scheme === 'gtin' && !(isGtin(code.code) && isCheckDigitRight(code.code)))
        return refuse('catalog.gtin-wrong', { gtin: code.code })
      if (codes.has(codeKey(code))) return refuse('catalog.gtin-taken', { gtin: code.code, item })
      codes.add(codeKey(code))
    }
  }
  return null
}

/** Every code of a level, its first GTIN before the others. */
export const codesOf = ({ gtin, codes }: PackLevel): readonly { readonly scheme: string; readonly code: string }[] => [
  ...(gtin === null ? [] : [{ scheme: 'gtin', code: gtin }]),
  ...(codes ?? []),
]

/** How a code is looked up: its agency and its text. */
export const codeKey = ({ scheme, code }: { readonly scheme: string; readonly code: string }): string => `${scheme}:${code}`

/** A level is so many of the one below it; what that makes in base units must be what it says. */
const judgeUnits = (item: string, { pack, units, of }: PackLevel, byName: ReadonlyMap<string, PackLevel>): Refusal | null => {
  if (!Number.isSafeInteger(units) || units < 1) return refuse('catalog.factor-not-whole', { item, pack, factor: units })
  if (!of) return null
  if (!Number.isSafeInteger(of.quantity) || of.quantity < 1) return refuse('catalog.factor-not-whole', { item, pack, factor: of.quantity })
  const below = byName.get(of.pack)
  if (!below) return refuse('catalog.pack-unknown', { item, pack: of.pack })
  const whole = below.units * of.quantity
  return whole === units ? null : refuse('catalog.pack-differs', { item, pack, units, whole })
}

const judgeLoop = (item: string, level: PackLevel, byName: ReadonlyMap<string, PackLevel>): Refusal | null => {
  const seen = new Set([level.pack])
  for (let below = level.of && byName.get(level.of.pack); below; below = below.of && byName.get(below.of.pack)) {
    if (seen.has(below.pack)) return refuse('catalog.pack-loop', { item, pack: level.pack })
    seen.add(below.pack)
  }
  return null
}

const isGtin = (text: string): boolean => /^[0-9]{14}$/.test(text)
