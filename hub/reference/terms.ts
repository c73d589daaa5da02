import type { FindWhy } from '@lotkeeper/protocol/api/hub-find.ts'
import type { Database } from '../database.ts'
import { fold, INITIALS_GRAM, initialsGrams, nameGrams, PINYIN_GRAM, pinyinGrams, soundOf } from './fold.ts'
import { SOUGHT, TERM_KINDS, type TermKind } from './form.ts'
import { termOfRank } from './indexing.ts'
import type { Wish } from './wish.ts'

/** A shared text that answers a wish, and how. */
export interface TermHit {
  readonly term: number
  readonly kind: TermKind
  readonly why: FindWhy
}

/** Texts that answer a wish, best first: the whole name, what begins it, its initials or sound, then any part of it. Each text once. */
export const openTerms = (db: Database): ((wish: Wish, limit: number) => Iterable<TermHit>) => {
  const begins = openBegins(db)
  const parts = openParts(db)
  return function* ({ folded, words }, limit) {
    if (folded === '') return
    const seen = new Set<number>()
    const fresh = function* (hits: Iterable<TermHit>) {
      for (const hit of hits)
        if (!seen.has(hit.term)) {
          seen.add(hit.term)
          yield hit
        }
    }
    const isSound = /^[a-z0-9]+$/.test(folded)
    yield* fresh(begins(SOUGHT.name, folded, limit))
    if (isSound) for (const why of [SOUGHT.initials, SOUGHT.pinyin]) yield* fresh(begins(why, folded, limit))
    if (/^\d{4,}$/.test(folded)) yield* fresh(begins(SOUGHT.digits, folded, limit))
    yield* fresh(parts({ words: words.length > 1 ? words : [folded], how: 'name' }, limit))
    if (isSound && folded.length >= INITIALS_GRAM) yield* fresh(parts({ words: [folded], how: 'initials' }, limit))
    if (isSound && folded.length >= PINYIN_GRAM) yield* fresh(parts({ words: [folded], how: 'pinyin' }, limit))
  }
}

const openBegins = (db: Database) => {
  const range = db.prepare<[number, string, string, number], { readonly key: string; readonly kind: number; readonly term: number }>(
    'select key, kind, term from sought where why = ? and key >= ? and key < ? order by key, kind, term limit ?',
  )
  return function* (why: number, key: string, limit: number): Generator<TermHit> {
    for (const row of range.all(why, key, `${key}\u{10ffff}`, limit)) {
      const whole = row.key === key
      yield { term: row.term, kind: TERM_KINDS[row.kind] ?? 'name', why: whole && why === SOUGHT.name ? 'name' : (WHYS[why] ?? 'part') }
    }
  }
}
const WHYS: Readonly<Record<number, FindWhy>> = {
  [SOUGHT.name]: 'name-begins',
  [SOUGHT.initials]: 'initials',
  [SOUGHT.pinyin]: 'pinyin',
  [SOUGHT.digits]: 'digits',
}

interface Part {
  /** All of them stand in the text. */
  readonly words: readonly string[]
  readonly how: 'name' | 'initials' | 'pinyin'
}

/** The index knows which texts hold all the letters in pairs; whether they stand side by side is seen in the text. */
const openParts = (db: Database) => {
  const page = db.prepare<[string, number, number], { readonly rowid: number }>(
    'select rowid from term_gram where term_gram match ? and rowid > ? order by rowid limit ?',
  )
  const term = db.prepare<[number], { readonly kind: number; readonly text: string }>('select kind, text from term where id = ?')
  return function* ({ words, how }: Part, limit: number): Generator<TermHit> {
    const match = words.flatMap(GRAMS[how]).map((gram) => `"${gram}"`)
    if (match.length === 0) return
    let after = 0
    for (let looked = 0, found = 0; looked < LOOKED_MAX && found < limit; ) {
      const rows = page.all(match.join(' AND '), after, limit)
      for (const { rowid } of rows) {
        const id = termOfRank(rowid)
        const row = term.get(id)
        if (!row || !holds(row.text, words, how)) continue
        found += 1
        yield { term: id, kind: TERM_KINDS[row.kind] ?? 'name', why: how === 'name' ? 'part' : how }
      }
      looked += rows.length
      after = rows.at(-1)?.rowid ?? 0
      if (rows.length < limit) return
    }
  }
}
const GRAMS = { name: nameGrams, initials: initialsGrams, pinyin: pinyinGrams } as const

/** Texts looked at for one wish: a part whose pairs of letters are common and stand apart in all of them is given up. */
const LOOKED_MAX = 300

const holds = (text: string, words: readonly string[], how: Part['how']): boolean => {
  const folded = fold(text)
  const said = how === 'name' ? folded : soundOf(folded)[how]
  return words.every((word) => said.includes(word))
}
