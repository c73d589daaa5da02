import type { DeviceView, FindHit, FindWhy, ImportView } from '@lotkeeper/protocol/api/hub-find.ts'
import type { Refusal } from '@lotkeeper/protocol/refusals.ts'
import type { Database } from '../database.ts'
import { codeOf } from './codes.ts'
import { NO_COUNTS } from './counts.ts'
import type { DeviceRest } from './device.ts'
import { fold } from './fold.ts'
import type { TermKind } from './form.ts'
import { openTerms } from './terms.ts'
import type { Wish } from './wish.ts'

/** What the reference is asked: what answers a wish, one record, what was imported. */
export interface ReferenceQuestions {
  readonly find: (wish: Wish, limit: number) => readonly FindHit[]
  readonly device: (di: string) => DeviceView | null
  readonly imports: () => readonly ImportView[]
}

export const openDevices = (db: Database): ReferenceQuestions => ({ find: openFind(db), device: openDevice(db), imports: openImports(db) })

/** Devices that answer a wish, each once, in the order of `FIND_WHYS` as far as that can be had without looking at all of them. */
const openFind = (db: Database): ReferenceQuestions['find'] => {
  const terms = openTerms(db)
  const shown = openShown(db)
  const codes = openCodes(db)
  const ofTerm = openOfTerm(db)
  const acrossTexts = openWords(db, terms)
  return (wish, limit) => {
    const hits = new Map<number, FindHit>()
    const full = () => hits.size >= limit
    const add = (devices: Iterable<number>, why: FindWhy, field: FindHit['in']) => {
      for (const device of devices) {
        if (full()) return
        if (!hits.has(device)) hits.set(device, { ...shown(device), why, in: field })
      }
    }
    add(wish.codes.flatMap(codes.exact), 'code', 'code')
    const late: { readonly term: number; readonly kind: TermKind; readonly why: FindWhy }[] = []
    let modelsAsked = false
    for (const { term, kind, why } of terms(wish, limit)) {
      // A model stands behind what begins with the wish and before what only holds it.
      if (!modelsAsked && why !== 'name' && why !== 'name-begins') {
        modelsAsked = true
        add(
          wish.codeBegins.flatMap((begin) => codes.begins(begin, limit)),
          'code-begins',
          'code',
        )
        add(ofTerm.model(wish.text, limit), 'model', 'model')
      }
      add(ofTerm[kind](term, Math.min(limit, PER_TERM)), why, kind)
      late.push({ term, kind, why })
      if (full()) break
    }
    if (!modelsAsked) {
      add(
        wish.codeBegins.flatMap((begin) => codes.begins(begin, limit)),
        'code-begins',
        'code',
      )
      add(ofTerm.model(wish.text, limit), 'model', 'model')
    }
    for (const { term, kind, why } of late) if (!full()) add(ofTerm[kind](term, limit), why, kind)
    if (!full() && wish.words.length > 1) add(acrossTexts(wish), 'words', 'name')
    return [...hits.values()]
  }
}
/** Models of one product shown before the next product has its turn. */
const PER_TERM = 3

/**
 * Words that stand in different texts of a device: the one that leads to the fewest texts leads to devices, and the others must stand anywhere in
 * what those say. SQLite looks for them, letter by letter as they were typed: folding each text here would cost ten times as much.
 */
const openWords = (db: Database, terms: ReturnType<typeof openTerms>) => {
  const by = (column: TermKind) =>
    db
      .prepare<
        [number, number, string],
        number
      >(`select d.id from (select * from device where ${column} = ? limit ?) d ${JOINS} where not exists
        (select 1 from json_each(?) where instr(lower(concat_ws(' ', n.text, t.text, m.text, c.text, d.model)), value) = 0)`)
      .pluck()
  const devices = { name: by('name'), trade: by('trade'), maker: by('maker'), certificate: by('certificate') }
  return function* (wish: Wish): Generator<number> {
    const met = wish.text.split(/\s+/).map((word) => ({
      word: word.normalize('NFKC').toLowerCase(),
      terms: [...terms({ ...wish, folded: fold(word), words: [fold(word)] }, LEADS_MAX)],
    }))
    const [lead, ...others] = met.sort((one, other) => leadsBy(one.terms.length) - leadsBy(other.terms.length))
    const wanted = JSON.stringify(others.map(({ word }) => word))
    for (const { term, kind } of lead?.terms ?? []) yield* devices[kind].all(term, PER_LEAD, wanted)
  }
}
/** A word that leads to no text may stand in a model. */
const leadsBy = (terms: number): number => (terms === 0 ? Number.POSITIVE_INFINITY : terms)
/** Texts a word leads to, and devices looked at for each of them: together some 10 ms. */
const LEADS_MAX = 100
const PER_LEAD = 40

const openCodes = (db: Database) => {
  const exact = db.prepare<[string], number>('select device from code where code = ? order by own desc limit 20').pluck()
  const begins = db
    .prepare<[string, string, number], number>('select device from code where code >= ? and code < ? order by code limit ?')
    .pluck()
  return {
    exact: (code: string) => exact.all(code),
    begins: (begin: string, limit: number) => begins.all(begin, `${begin}:`, limit),
  }
}

const openOfTerm = (db: Database) => {
  const by = (column: string) => {
    const found = db.prepare<[number, number], number>(`select id from device where ${column} = ? limit ?`).pluck()
    return (term: number, limit: number) => found.all(term, limit)
  }
  const model = db
    .prepare<
      [string, string, number],
      number
    >(`select id from device where model <> '' and model >= ? collate nocase and model < ? collate nocase
      order by model collate nocase limit ?`)
    .pluck()
  return {
    ...{ name: by('name'), trade: by('trade'), certificate: by('certificate'), maker: by('maker') },
    model: (text: string, limit: number) => (text === '' ? [] : model.all(text, `${text}\u{10ffff}`, limit)),
  }
}

const TEXTS = `n.text as name, coalesce(t.text, '') as trade, coalesce(m.text, '') as maker, coalesce(c.text, '') as certificate`
const JOINS = `join term n on n.id = d.name left join term t on t.id = d.trade left join term m on m.id = d.maker
  left join term c on c.id = d.certificate`
const JOINED = `from device d ${JOINS}`
interface Texts {
  readonly di: string
  readonly name: string
  readonly trade: string
  readonly maker: string
  readonly certificate: string
  readonly model: string
}

const openShown = (db: Database) => {
  const row = db.prepare<[number], Texts>(`select d.di, d.model, ${TEXTS} ${JOINED} where d.id = ?`)
  return (device: number): Omit<FindHit, 'why' | 'in'> => {
    const found = row.get(device)
    if (!found) throw new Error(`the index names a device that is not there: ${device}`)
    const { di, name, trade, maker, certificate, model } = found
    const detail = [model, trade, maker, certificate].filter((text) => text !== '').join(' · ')
    return {
      is: 'device',
      id: di,
      title: { zh: name.slice(0, TITLE_MAX), en: name.slice(0, TITLE_MAX) },
      detail: detail.slice(0, DETAIL_MAX),
    }
  }
}
const TITLE_MAX = 2_000
const DETAIL_MAX = 4_000

const openDevice = (db: Database): ReferenceQuestions['device'] => {
  const row = db.prepare<[string], Texts & { readonly version: number; readonly withdrawn: string; readonly rest: string }>(
    `select d.di, d.version, d.model, d.withdrawn, d.rest, ${TEXTS} ${JOINED} where d.id = (select device from code where code = ? order by own desc)`,
  )
  return (di) => {
    const found = row.get(codeOf(di) ?? di)
    if (!found) return null
    const { rest, ...texts } = found
    return { ...texts, ...(JSON.parse(rest) as DeviceRest) } as DeviceView
  }
}

const openImports = (db: Database): ReferenceQuestions['imports'] => {
  const rows = db.prepare<[], ImportRow>('select * from import order by started_at desc, id desc limit 50')
  const errors = db.prepare<[number], { readonly part: string; readonly di: string; readonly refusal: string }>(
    'select part, di, refusal from import_error where import = ? order by n',
  )
  const reason = (text: string) => {
    const { code, zh, en } = JSON.parse(text) as Refusal
    return { code, zh: zh.slice(0, 1_000), en: en.slice(0, 1_000) }
  }
  return () =>
    rows.all().map((row) => ({
      ...{ import: row.id, name: row.name, sha256: row.sha256, keep: row.keep_text, state: row.state, phase: null },
      ...{ bytes: row.bytes, bytesRead: row.state === 'done' ? row.bytes : 0, counts: { ...NO_COUNTS, ...JSON.parse(row.counts) } },
      ...{ why: row.why === null ? null : reason(row.why), actor: row.actor, startedAt: row.started_at, endedAt: row.ended_at },
      errors: errors.all(row.id).map(({ part, di, refusal }) => ({ part: part.slice(0, 1_000), di, ...reason(refusal) })),
    }))
}
interface ImportRow {
  readonly id: number
  readonly name: string
  readonly sha256: string
  readonly keep_text: string
  readonly bytes: number
  readonly state: ImportView['state']
  readonly counts: string
  readonly why: string | null
  readonly actor: string
  readonly started_at: string
  readonly ended_at: string | null
}
