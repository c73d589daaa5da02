import { type Refusal, refuse } from '@lotkeeper/protocol/refusals.ts'
import { codeOf } from './codes.ts'
import { PACK_TAGS } from './tags.ts'

/** One level of a record's packs: its code, what it is called, and what it holds; `units` are units of use, exact. */
export interface ReferencePack {
  readonly code: string
  readonly level: string
  readonly units: number
  readonly of: string | null
  readonly quantity: number
}

/** The pack graph of a record, its sales unit first: every factor whole, nothing in itself (R20, R25). */
export const packsOf = ({ di, useDi, unitsInside, rows }: Given): readonly ReferencePack[] | Refusal => {
  const use = codeOf(useDi)
  const inside = unitsInside === '' ? 1 : wholeOf(unitsInside)
  if (inside === null) return refuse('catalog.factor-not-whole', { item: di, pack: di, factor: unitsInside.slice(0, 32) })
  const bottom = use === null || use === di ? [] : [{ code: use, level: '', of: null, quantity: 1 }]
  const levels: Level[] = [{ code: di, level: '', of: bottom[0]?.code ?? null, quantity: inside }, ...bottom]
  for (const row of rows) {
    const level = levelOf(di, row)
    if ('refused' in level) return level
    const known = levels.find(({ code }) => code === level.code)
    if (known && known !== levels[0] && known.of === level.of && known.quantity === level.quantity) continue
    if (known) return refuse(known === levels[0] ? 'catalog.pack-loop' : 'catalog.pack-twice', { item: di, pack: level.code })
    levels.push(level)
  }
  return counted(di, levels)
}

interface Given {
  readonly di: string
  readonly useDi: string
  readonly unitsInside: string
  readonly rows: readonly ReadonlyMap<string, string>[]
}
type Level = Omit<ReferencePack, 'units'>

const levelOf = (di: string, row: ReadonlyMap<string, string>): Level | Refusal => {
  const said = (tag: string) => row.get(tag) ?? ''
  const [code, holds, quantity] = [codeOf(said(PACK_TAGS.code)), codeOf(said(PACK_TAGS.holds)), wholeOf(said(PACK_TAGS.quantity))]
  if (code === null) return refuse('reference.di-malformed', { code: said(PACK_TAGS.code).slice(0, 64) })
  if (holds === null) return refuse('reference.di-malformed', { code: said(PACK_TAGS.holds).slice(0, 64) })
  if (quantity === null) return refuse('catalog.factor-not-whole', { item: di, pack: code, factor: said(PACK_TAGS.quantity).slice(0, 32) })
  return { code, level: said(PACK_TAGS.level), of: holds, quantity }
}

/** Units of use of every level, from the bottom up. */
const counted = (di: string, levels: readonly Level[]): readonly ReferencePack[] | Refusal => {
  const byCode = new Map(levels.map((level) => [level.code, level]))
  const packs: ReferencePack[] = []
  for (const level of levels) {
    let units = 1
    const seen = new Set<string>()
    for (let at: Level | undefined = level; at; ) {
      if (seen.has(at.code)) return refuse('catalog.pack-loop', { item: di, pack: level.code })
      seen.add(at.code)
      units *= at.quantity
      if (at.of !== null && !byCode.has(at.of)) return refuse('catalog.pack-unknown', { item: di, pack: at.of })
      at = at.of === null ? undefined : byCode.get(at.of)
    }
    if (!Number.isSafeInteger(units)) return refuse('catalog.factor-not-whole', { item: di, pack: level.code, factor: units })
    packs.push({ ...level, units })
  }
  return packs
}

const wholeOf = (text: string): number | null => {
  const whole = /^\d{1,15}$/.test(text) ? Number(text) : 0
  return whole >= 1 ? whole : null
}
