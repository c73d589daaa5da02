import type { MasterRecord, RecordOf } from '@lotkeeper/protocol/ledger/master.ts'
import { isRefusal, type Refusal, refuse } from '@lotkeeper/protocol/refusals.ts'
import { ABSENT, ERASED, MARKS } from '@lotkeeper/protocol/sensitive.ts'
import { storageTroubleOf } from '../database.ts'
import type { Acted, HubDraft, HubLedger, HubQuestions, RecordFact } from '../ledger/contract.ts'
import type { KeptText, PersonTexts } from './texts.ts'

/**
 * The ledger as the county's rooms see it: whom to call at a party is read and written with its record, and stands beside the ledger, not in it. A text
 * is kept before the entry that names it is written, and dropped when it is not. Every other question goes through as it is.
 */
export const ledgerWithTexts = (ledger: HubLedger, texts: PersonTexts): HubLedger => {
  const { ask } = ledger
  const shown = shownBy(texts)
  const told = openTelling(ledger, texts)
  return {
    ...ledger,
    write: async (drafts) => (drafts.some(({ kind }) => kind === 'master') ? told(drafts) : ledger.write(drafts)),
    ask: { ...ask, ...questionsWith(ask, shown) },
  }
}

/** Settles what was broken off between the text and its entry: keeps the texts that an entry names, drops the others. */
export const settleTexts = async ({ ask }: Pick<HubLedger, 'ask'>, texts: PersonTexts): Promise<void> => {
  for (const { ref, action } of texts.unsettled()) {
    if (refsIn((await ask.acted(action)) ?? []).has(ref)) texts.settle([ref])
    else texts.drop([ref])
  }
}

type Shown = <Record>(record: Record) => Record

/** A record with its text: as it is, or what says that it was erased or is not here. */
const shownBy = (texts: PersonTexts): Shown => {
  const of = ({ id, version, contactRef, contact }: Named): string | undefined => {
    if (contactRef === undefined && contact === undefined) return undefined
    // A restored hub may tell a version anew that was erased before: then its text is here.
    const text = contactRef === undefined ? null : texts.text(contactRef)
    return text ?? (texts.isErased(id, version) ? ERASED : (contact ?? ABSENT))
  }
  return (record) => {
    const { contactRef: _, contact: __, ...rest } = record as Named
    const contact = of(record as Named)
    return (contact === undefined ? rest : { ...rest, contact }) as never
  }
}
type Named = Pick<RecordOf<'party'>, 'id' | 'version' | 'contact' | 'contactRef'>

const questionsWith = (
  ask: HubQuestions,
  shown: Shown,
): Pick<HubQuestions, 'party' | 'parties' | 'item' | 'certificate' | 'known' | 'acted'> => ({
  party: async (query) => {
    const answer = await ask.party(query)
    if (isRefusal(answer)) return answer
    return { ...answer, record: shown(answer.record), history: answer.history.map((one) => ({ ...one, record: shown(one.record) })) }
  },
  parties: async (query) => {
    const page = await ask.parties(query)
    return isRefusal(page) ? page : { ...page, rows: page.rows.map(shown) }
  },
  item: async (query) => {
    const answer = await ask.item(query)
    if (isRefusal(answer) || answer.manufacturer === null) return answer
    return { ...answer, manufacturer: { ...answer.manufacturer, record: shown(answer.manufacturer.record) } }
  },
  certificate: async (query) => {
    const answer = await ask.certificate(query)
    if (isRefusal(answer) || answer.holder === null) return answer
    return { ...answer, holder: { ...answer.holder, record: shown(answer.holder.record) } }
  },
  known: async (names, within) => {
    const facts = await ask.known(names, within)
    return { ...facts, records: facts.records.map((fact) => factShown(fact, shown)) }
  },
  acted: async (action) => {
    const acted = await ask.acted(action)
    return (
      acted?.map((one) =>
        one.kind === 'master' ? { ...one, body: { records: recordsOf(one).map((record) => recordShown(record, shown)) } } : one,
      ) ?? null
    )
  },
})

const factShown = (fact: RecordFact, shown: Shown): RecordFact =>
  fact.is === 'party' ? { ...fact, latest: shown(fact.latest), ruling: shown(fact.ruling) } : fact
const recordShown = (record: MasterRecord, shown: Shown): MasterRecord => (record.is === 'party' ? shown(record) : record)
const recordsOf = ({ body }: Pick<Acted, 'body'>): readonly MasterRecord[] => body['records'] as readonly MasterRecord[]

const refsIn = (acted: readonly Acted[]): ReadonlySet<string> =>
  new Set(
    acted
      .flatMap((one) => (one.kind === 'master' ? recordsOf(one) : []))
      .flatMap((record) => (record.is === 'party' ? (record.contactRef ?? []) : [])),
  )

/** Writes records with the names of their texts. */
const openTelling = (ledger: HubLedger, texts: PersonTexts): HubLedger['write'] => {
  /** What a text that is not here was named, so that it is found again when the store is. */
  const namedBefore = async (id: string): Promise<string | undefined> => {
    const { records } = await ledger.ask.known({ items: [], sites: [], lots: [], epcs: [], records: [{ is: 'party', id }] })
    const latest = records.find((one) => one.id === id)?.latest
    return latest?.is === 'party' ? latest.contactRef : undefined
  }
  const wanted = (drafts: readonly HubDraft[]): readonly KeptText[] =>
    drafts.flatMap((draft) =>
      (draft.kind === 'master' ? recordsOf(draft) : []).flatMap((record) =>
        isGiven(record) ? [{ party: record.id, version: record.version, text: record.contact, action: draft.action }] : [],
      ),
    )
  /** The drafts with names in the place of texts, in the order in which the texts were kept. */
  const named = async (drafts: readonly HubDraft[], refs: IterableIterator<string>): Promise<readonly HubDraft[]> => {
    const all: HubDraft[] = []
    for (const draft of drafts) {
      const records: MasterRecord[] = []
      for (const record of draft.kind === 'master' ? recordsOf(draft) : []) {
        const ref = isGiven(record) ? refs.next().value : undefined
        if (record.is !== 'party' || record.contact === undefined) records.push(record)
        else records.push(withRef(record, ref ?? (record.contact === ABSENT ? await namedBefore(record.id) : undefined)))
      }
      all.push(draft.kind === 'master' ? { ...draft, body: { records } } : draft)
    }
    return all
  }
  return async (drafts) => {
    const kept = orFull(() => texts.keep(wanted(drafts)))
    if (isRefusal(kept)) return kept
    const answer = await ledger.write(await named(drafts, kept.values()))
    if (kept.length === 0) return answer
    if (isRefusal(answer)) texts.drop(kept)
    else if (answer.fresh) texts.settle(kept)
    else await settleTexts(ledger, texts)
    return answer
  }
}

/** Whether a record says a text of its own, and not what stands for one. */
const isGiven = (record: MasterRecord): record is RecordOf<'party'> & { readonly contact: string } =>
  record.is === 'party' && record.contact !== undefined && !MARKS.includes(record.contact)

const withRef = ({ contact: _, ...rest }: RecordOf<'party'>, contactRef: string | undefined): MasterRecord =>
  contactRef === undefined ? rest : { ...rest, contactRef }

/** What came of it; without room on the disk: that. */
const orFull = <Made>(act: () => Made): Made | Refusal => {
  try {
    return act()
  } catch (cause) {
    if (storageTroubleOf(cause) !== 'full') throw cause
    return refuse('ledger.disk-full')
  }
}
