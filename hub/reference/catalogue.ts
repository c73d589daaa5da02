import { FIND_WHYS, type FindHit, type FindWhy } from '@lotkeeper/protocol/api/hub-find.ts'
import { fold, type Sound, soundOf } from './fold.ts'
import type { Wish } from './wish.ts'

/** One thing of the county's own catalogue, as it is searched. */
export interface CatalogueRow {
  readonly is: FindHit['is']
  readonly id: string
  readonly title: FindHit['title']
  readonly detail: string
  /** GTINs in 14 digits and other agencies' codes. */
  readonly codes: readonly string[]
  /** What it is found by beside its codes, the names first. */
  readonly texts: readonly { readonly in: FindHit['in']; readonly text: string }[]
}

/**
 * The county's own catalogue, small enough to be looked at whole: a thing of a thousand, or of twenty thousand, is found by any part of what it
 * is called. Answers hits best first.
 */
export const openCatalogueIndex = (rows: readonly CatalogueRow[]): ((wish: Wish, limit: number) => readonly FindHit[]) => {
  const sought = rows.map(({ texts, ...row }) => ({ ...row, texts: texts.map(({ in: field, text }) => soughtText(field, text)) }))
  return (wish, limit) => {
    const hits: FindHit[] = []
    for (const { is, id, title, detail, codes, texts } of sought) {
      const best = wish.codes.some((code) => codes.includes(code)) ? ({ why: 'code', in: 'code' } as const) : bestOf(wish, texts)
      if (best) hits.push({ is, id, title, detail, ...best })
    }
    return ranked(hits).slice(0, limit)
  }
}

/** Hits in the order of their reasons; those of one reason stay as they came. */
export const ranked = (hits: readonly FindHit[]): readonly FindHit[] => FIND_WHYS.flatMap((why) => hits.filter((hit) => hit.why === why))

interface SoughtText extends Sound {
  readonly in: FindHit['in']
  readonly folded: string
}
const soughtText = (field: FindHit['in'], text: string): SoughtText => {
  const folded = fold(text)
  return { in: field, folded, ...soundOf(folded) }
}

const bestOf = ({ folded, words }: Wish, texts: readonly SoughtText[]): Pick<FindHit, 'why' | 'in'> | null => {
  if (folded === '') return null
  let best: Pick<FindHit, 'why' | 'in'> | null = null
  for (const text of texts) {
    const why = whyOf(folded, text)
    if (why && (best === null || FIND_WHYS.indexOf(why) < FIND_WHYS.indexOf(best.why))) best = { why, in: text.in }
  }
  const every = words.length > 1 && words.every((word) => texts.some((text) => text.folded.includes(word)))
  return best ?? (every ? { why: 'words', in: texts[0]?.in ?? 'name' } : null)
}

const whyOf = (part: string, { in: field, folded, pinyin, initials }: SoughtText): FindWhy | null => {
  if (folded === part) return field === 'model' ? 'model' : 'name'
  if (folded.startsWith(part)) return field === 'model' ? 'model' : 'name-begins'
  if (initials.startsWith(part)) return 'initials'
  if (pinyin.startsWith(part)) return 'pinyin'
  if (folded.includes(part)) return 'part'
  if (part.length > 1 && initials.includes(part)) return 'initials'
  return part.length > 2 && pinyin.includes(part) ? 'pinyin' : null
}
