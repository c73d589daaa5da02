import { hexOf } from '@lotkeeper/protocol/bytes.ts'
import type { LotExpiryBody } from '@lotkeeper/protocol/ledger/bodies.ts'
import type { Entry, LotFact } from '@lotkeeper/protocol/ledger/entry.ts'
import { type EntryId, type LotKey, STREAM_TO_ALL, writerOf } from '@lotkeeper/protocol/names.ts'
import type { Parts } from '@lotkeeper/protocol/parts.ts'
import type { Database } from '../../database.ts'
import { openLotDays } from '../../projections/lot-days.ts'
import type { HubDraft } from '../contract.ts'

/**
 * What the hub tells every node because of an entry of one: which last day of a lot a person there said is right, and which days stand against each
 * other now. Sites do not hear each other, so nobody but the hub sees that two of them were told differently [ledger-and-sync 1.11].
 */
export const openLotWord = (
  db: Database,
  { sha256, utf8 }: Pick<Parts, 'sha256' | 'utf8'>,
): ((id: EntryId, entry: Entry) => readonly LotWord[]) => {
  const daysOf = openLotDays(db)
  const conflicts = db.prepare<[LotKey], number>('select exists (select 1 from lot_told where lot = ?)').pluck()
  const wordOf = (id: EntryId, action: string, body: LotExpiryBody): LotWord => ({
    ...{ stream: STREAM_TO_ALL, kind: 'lot-expiry', action, part: 0, actor: null, doc: null, lines: [] },
    ...{ reverses: null, refs: [id], body },
  })
  const againstEachOther = (id: EntryId, lot: LotKey): readonly LotWord[] => {
    // Nearly no lot was ever told two days.
    if (conflicts.get(lot) !== 1) return []
    const { open, told } = daysOf(lot)
    if (open.length === 0) return []
    const all = [...new Set([...told, ...open])].toSorted().slice(-TOLD_MAX)
    // Named by what it says: the same days are told once, however many nodes say them.
    const action = `lot-days:${hexOf(sha256(utf8(`${lot}\n${all.join(' ')}\n${open.join(' ')}`))).slice(0, 32)}`
    return [wordOf(id, action, { lot, told: all, expiry: null, version: 0, reason: null })]
  }
  return (id, { stream, epoch, seq, kind, actor, body }) => {
    if (kind === 'lot-expiry') {
      const said = body as LotExpiryBody
      const action = `lot-expiry:${writerOf(stream)}/${epoch}/${seq}`
      return [{ ...wordOf(id, action, said), actor }, ...againstEachOther(id, said.lot)]
    }
    const facts = (body['lots'] as readonly LotFact[] | undefined) ?? []
    const lots = new Set(facts.flatMap(({ lot, expiry }) => (expiry === null ? [] : [lot])))
    return [...lots].flatMap((lot) => againstEachOther(id, lot))
  }
}

/** The hub's word on a lot; `refs` names the entry it follows from. */
export type LotWord = HubDraft<'lot-expiry'> & Pick<Entry, 'refs' | 'reverses'>

/** As many as one entry may name. */
const TOLD_MAX = 32
