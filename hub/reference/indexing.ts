import type { Database } from '../database.ts'
import { fold, gramsOf, soundOf } from './fold.ts'
import { TERM_KINDS } from './form.ts'

/**
 * Makes the texts findable that came since it last did, a few thousand in each transaction, and says after each how far it is. What was begun
 * and broken off is gone on with. In the index a shorter text of a more telling kind has a lower number, so that the best hits are met first.
 */
export const indexTerms = function* (db: Database): Generator<number, void, void> {
  const mark = db.prepare<[], { readonly value: number }>(`select value from mark where key = 'indexed'`)
  const batch = db.prepare<[number, number], Term>('select id, kind, text from term where id > ? order by id limit ?')
  const write = openWriting(db)
  for (;;) {
    const after = mark.get()?.value ?? 0
    const terms = batch.all(after, BATCH_TERMS)
    const last = terms.at(-1)
    if (last === undefined) return
    db.transaction(() => write(terms, last.id)).immediate()
    yield last.id
  }
}

/** The number of a text in the index: its kind, its length, then which it is. */
export const rankOf = (kind: number, folded: string, term: number): number =>
  (kind * LENGTHS + Math.min(LENGTHS - 1, folded.length)) * 2 ** 32 + term
/** Which text a number of the index stands for. */
export const termOfRank = (rank: number): number => rank % 2 ** 32

const LENGTHS = 64
const BATCH_TERMS = 8_000

interface Term {
  readonly id: number
  readonly kind: number
  readonly text: string
}

const openWriting = (db: Database) => {
  const sought = db.prepare<[number, string, number, number]>('insert or ignore into sought (why, key, kind, term) values (?, ?, ?, ?)')
  const gram = db.prepare<[number, string]>('insert into term_gram (rowid, grams) values (?, ?)')
  const marked = db.prepare<[number]>(`update mark set value = ? where key = 'indexed'`)
  return (terms: readonly Term[], last: number) => {
    const keys: [number, string, number, number][] = []
    const grams: [number, string][] = []
    for (const { id, kind, text } of terms) {
      const folded = fold(text)
      if (folded === '') continue
      const isCertificate = TERM_KINDS[kind] === 'certificate'
      // Nobody spells a certificate by its sound; its digits alone are typed often.
      const sound = isCertificate ? { pinyin: '', initials: '' } : soundOf(folded)
      const digits = isCertificate ? folded.replace(/\D/g, '') : ''
      const said = [folded, sound.initials, sound.pinyin, digits]
      for (const [why, key] of said.entries()) if (key !== '') keys.push([why, key, kind, id])
      grams.push([rankOf(kind, folded, id), gramsOf(folded, sound).join(' ')])
    }
    // Both trees grow at their ends when what comes is in their order.
    keys.sort((one, other) => one[0] - other[0] || (one[1] < other[1] ? -1 : 1))
    grams.sort((one, other) => one[0] - other[0])
    for (const key of keys) sought.run(...key)
    for (const each of grams) gram.run(...each)
    marked.run(last)
  }
}
