import { setImmediate } from 'node:timers/promises'
import type { HubAnswer, HubBody } from '@lotkeeper/protocol/api/hub.ts'
import type { ErasureView, PersonText } from '@lotkeeper/protocol/api/hub-persons.ts'
import type { RecordOf } from '@lotkeeper/protocol/ledger/master.ts'
import { isRefusal, type Refusal, refuse } from '@lotkeeper/protocol/refusals.ts'
import type { Catalog } from '../catalog/catalog.ts'
import type { StagedPerson } from '../imports/erasing.ts'
import type { HubQuestions } from '../ledger/contract.ts'
import type { Erasure, PersonTexts } from './texts.ts'
import { saidBy } from './words.ts'

/** What is kept of persons: found under a name or a number, given out, erased. */
export interface Erasures {
  readonly erase: (body: HubBody<'erase'>, actor: string) => Promise<HubAnswer<'erase'> | Refusal>
  readonly list: () => HubAnswer<'erasures'>
  readonly find: (body: HubBody<'personTexts'>) => Promise<HubAnswer<'personTexts'>>
}
export interface ErasuresParts {
  readonly texts: PersonTexts
  /** The ledger as it is, without its texts. */
  readonly ask: Pick<HubQuestions, 'known' | 'party' | 'parties'>
  readonly meanwhile: Catalog['meanwhile']
  readonly imports: {
    readonly persons: () => IterableIterator<StagedPerson>
    readonly erasePersons: (party: string, texts: readonly string[]) => Refusal | number
  }
  readonly now: () => number
  /** Erases what is kept of a user, whose file is somebody else's; nobody erases themselves, and one administrator remains. */
  readonly eraseUser: (id: string, by: string) => Promise<Refusal | null>
}

export const openErasures = (parts: ErasuresParts): Erasures => {
  const { texts, meanwhile } = parts
  const erase = async (body: HubBody<'erase'>, actor: string): Promise<ErasureView | Refusal> => {
    const before = texts.erasure(body.action)
    if (before) return before.actor === actor && isSame(before, body) ? before : refuse('api.action-reused')
    const erased = body.of === 'party' ? await eraseParty(parts, body, actor) : await eraseUser(parts, body, actor)
    if (!isRefusal(erased)) texts.erase(erased)
    return erased
  }
  return {
    // A record that is being written takes over whom to call from the version before: not while that is erased.
    erase: (body, actor) => meanwhile(() => erase(body, actor)),
    list: () => ({ rows: [...texts.erasures(SHOWN_ROWS)] }),
    find: async ({ words }) => {
      const rows: PersonText[] = []
      for await (const row of everywhere(parts)) {
        if (saidBy(words, row.text)) rows.push(row)
        if (rows.length > SHOWN_ROWS) break
      }
      return { rows: rows.slice(0, SHOWN_ROWS), more: rows.length > SHOWN_ROWS }
    },
  }
}

/** Erasures and texts one answer shows. */
const SHOWN_ROWS = 500

const eraseParty = async (
  { texts, ask, imports, now }: ErasuresParts,
  body: HubBody<'erase'>,
  actor: string,
): Promise<Erasure | Refusal> => {
  const { action, of, id, from = 1 } = body
  const { records } = await ask.known({ items: [], sites: [], lots: [], epcs: [], records: [{ is: 'party', id }] })
  const latest = records.find((one) => one.id === id)?.latest.version
  if (latest === undefined) return refuse('catalog.record-unknown', { id })
  // What is yet to be written is not erased: it was given anew.
  const upto = Math.min(body.upto ?? latest, latest)
  if (from > upto) return refuse('catalog.version-stale', { item: id, version: latest })
  const chained = (await chainedOf(ask, id)).filter(({ version }) => version >= from && version <= upto)
  const kept = texts.of(id, from, upto)
  const staged = imports.erasePersons(id, [...kept, ...chained.map(({ contact }) => contact)])
  if (isRefusal(staged)) return staged
  return { action, of, id, from, upto, actor, at: new Date(now()).toISOString(), texts: kept.length + staged, chained: chained.length }
}

const eraseUser = async (
  { eraseUser: erased, now }: ErasuresParts,
  { action, of, id }: HubBody<'erase'>,
  actor: string,
): Promise<Erasure | Refusal> =>
  (await erased(id, actor)) ?? { action, of, id, from: null, upto: null, actor, at: new Date(now()).toISOString(), texts: 1, chained: 0 }

const isSame = ({ of, id, from, upto }: Erasure, body: HubBody<'erase'>): boolean =>
  of === body.of && id === body.id && (body.from === undefined || body.from === from) && (body.upto === undefined || body.upto === upto)

/** The versions of a party whose text stands in an entry of an earlier program, as far back as a record shows its versions. */
const chainedOf = async (ask: ErasuresParts['ask'], id: string) => {
  const party = await ask.party({ id })
  if (isRefusal(party)) return []
  return party.history.flatMap(({ at, record }) => {
    const { id: own, version, contact } = record as RecordOf<'party'>
    return contact === undefined || own !== id ? [] : [{ version, contact, at }]
  })
}

/** Every text of a person, wherever it is kept; what was erased is none. */
const everywhere = async function* ({ texts, ask, imports }: ErasuresParts): AsyncGenerator<PersonText, void, void> {
  for (const { party, version, text, at } of [...texts.all()]) yield { ...NOWHERE, where: 'beside', id: party, version, at, text }
  for (const { run, row, id, at, texts: said } of [...imports.persons()])
    for (const text of said) yield { ...NOWHERE, where: 'import', id, import: run, row, at, text }
  for (let cursor: string | null | undefined; cursor !== null; ) {
    const page = await ask.parties({ limit: 500, ...(cursor === undefined ? {} : { cursor }) })
    if (isRefusal(page)) return
    for (const { id } of page.rows)
      for (const { version, contact, at } of await chainedOf(ask, id))
        if (!texts.isErased(id, version)) yield { ...NOWHERE, where: 'entry', id, version, at, text: contact }
    cursor = page.next
    await setImmediate()
  }
}
const NOWHERE = { id: null, version: null, import: null, row: null, at: null }
