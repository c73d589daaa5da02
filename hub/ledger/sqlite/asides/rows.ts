import type { AsideRow } from '@lotkeeper/protocol/api/asides.ts'
import { hexOf } from '@lotkeeper/protocol/bytes.ts'
import { readEntry } from '@lotkeeper/protocol/ledger/entry.ts'
import type { BatchReading, EpochTip } from '@lotkeeper/protocol/ledger/stream.ts'
import { entryId, HUB, writerOf } from '@lotkeeper/protocol/names.ts'
import type { Parts } from '@lotkeeper/protocol/parts.ts'
import { REFUSALS, type RefusalCode } from '@lotkeeper/protocol/refusals.ts'
import { readBatch } from '@lotkeeper/protocol/wire/batch.ts'
import type { Database } from '../../../database.ts'
import type { DiscrepancyRows } from '../../../projections/apply/discrepancies.ts'
import { openNames } from '../../../projections/questions/names.ts'
import { discrepancyName } from '../../discrepancies.ts'
import type { Certificates } from '../certificates.ts'
import type { Decision, Decisions } from '../decisions.ts'
import type { Log } from '../log.ts'
import type { Quarantine, Quarantined } from '../quarantine.ts'

/** What is kept aside as lists show it: why, since when, how it stands and what it waits for. */
export interface AsideRows {
  /** Makes rows for one question. */
  readonly open: () => (found: EpochTip | Quarantined) => AsideRow
  /** Whether a batch needs no word of a person any more: it was decided on, or its entries came another way. */
  readonly isSettled: (batch: BatchReading) => boolean
}

export interface AsideParts {
  readonly crypto: Parts
  readonly now: () => number
  readonly log: Pick<Log, 'tip' | 'epochs' | 'hashAt' | 'rows'>
  readonly quarantine: Quarantine
  readonly certificates: Pick<Certificates, 'revokedAt'>
  readonly decisions: Pick<Decisions, 'of'>
  readonly discrepancies: Pick<DiscrepancyRows, 'close'>
}

export const openAsideRows = (db: Database, parts: AsideParts): AsideRows => {
  const namesNow = openNames(db, parts.now)
  const open = db.prepare<[string], number>('select exists (select 1 from discrepancy where discrepancy = ? and closed_at is null)').pluck()
  const isHeld = ({ stream, epoch, upto, headHash }: BatchReading): boolean => {
    const ours = parts.log.hashAt(stream, epoch, upto)
    return ours !== null && hexOf(ours) === headHash
  }
  const parkedCode = (tip: EpochTip, body: string): ParkedCode => {
    const reading = readEntry(body)
    if (!reading.known && reading.later !== null) return 'parked.later'
    const id = entryId(tip.stream, tip.epoch, tip.applied + 1)
    return open.get(discrepancyName('entry-not-applied', id)) === 1 ? 'parked.fold' : 'parked.room'
  }
  const parked = (tip: EpochTip): Omit<AsideRow, 'nodeName'> => {
    const from = tip.applied + 1
    const [first] = parts.log.rows({ stream: tip.stream, epoch: tip.epoch, from }, 1)
    const code = parkedCode(tip, first?.body ?? '')
    return {
      ...{ aside: `p:${tip.stream}/${tip.epoch}`, is: 'parked', node: writerOf(tip.stream), stream: tip.stream, epoch: tip.epoch },
      ...{ from, upto: tip.held, entries: tip.held - tip.applied, bytes: null, key: null, revokedAt: null },
      ...{ code, why: PARKED[code].why, since: new Date(first?.receivedAtMs ?? 0).toISOString(), stands: 'waiting', decision: null },
      ...againOf(PARKED[code].again),
    }
  }
  const quarantined = (found: Quarantined): Omit<AsideRow, 'nodeName'> => {
    const batch = readBatch(parts.crypto.text(found.payload))
    const decision = batch && found.code === 'wire.key-revoked' ? parts.decisions.of(batch) : null
    const waitsFor = AGAIN_OF_CODE[found.code] ?? 'start'
    const stands = batch && isHeld(batch) && decision?.verdict !== 'take' ? 'held' : standsBy(decision, waitsFor)
    return {
      ...{ aside: `q:${found.node}/${found.hash}`, is: 'quarantined', node: found.node, stream: batch?.stream ?? null },
      ...{ epoch: batch?.epoch ?? null, from: batch?.from ?? null, upto: batch?.upto ?? null, entries: batch?.entries.length ?? 0 },
      ...{ bytes: found.payload.length, key: batch?.key ?? null },
      revokedAt: batch && found.code === 'wire.key-revoked' ? parts.certificates.revokedAt(writerOf(batch.stream), batch.key) : null,
      ...{ code: found.code, why: whyOf(found.code), since: new Date(found.receivedAtMs).toISOString(), stands },
      ...againOf(stands === 'waiting' ? waitsFor : stands === 'taken' || stands === 'held' ? 'done' : 'never'),
      decision: decision && { at: decision.at, actor: decision.actor, reason: decision.reason, entry: decision.entry },
    }
  }
  return {
    isSettled: (batch) => parts.decisions.of(batch) !== null || isHeld(batch),
    open: () => {
      const names = namesNow()
      return (found) => {
        const row = 'payload' in found ? quarantined(found) : parked(found)
        return { ...row, nodeName: row.node === HUB ? HUB_NAME : names.siteName(row.node) }
      }
    },
  }
}

/** Whether entries of an epoch are held that are not booked yet. */
export const isParkedEpoch = (tip: EpochTip): boolean => tip.applied < tip.held

const HUB_NAME = { zh: '县中心', en: 'The hub' }

const standsBy = (decision: Decision | null, waitsFor: AsideRow['again']): AsideRow['stands'] => {
  if (decision) return decision.verdict === 'take' ? 'taken' : 'refused'
  return waitsFor === 'never' ? 'kept' : 'waiting'
}

type ParkedCode = keyof typeof PARKED
const PARKED = {
  'parked.later': {
    again: 'upgrade',
    why: { zh: '记录来自更新的版本，县中心还读不懂', en: 'Written by a later version that this hub cannot read yet' },
  },
  'parked.fold': { again: 'start', why: { zh: '已收存，但记不进账', en: 'Held, but it could not be applied to the books' } },
  'parked.room': { again: 'room', why: { zh: '已收存，入账时磁盘没有空间', en: 'Held; the disk had no room to book it' } },
} as const satisfies Readonly<Record<string, { readonly again: AsideRow['again']; readonly why: AsideRow['why'] }>>

/** What a refused batch waits for; any other code is asked for once more at the next start, when a mended node or hub may do better. */
const AGAIN_OF_CODE: Readonly<Record<string, AsideRow['again']>> = {
  'wire.key-revoked': 'person',
  'wire.key-unknown': 'certificate',
  'wire.fork': 'never',
  'wire.writer-foreign': 'never',
  'wire.batch-malformed': 'never',
  'wire.envelope-malformed': 'never',
}

const AGAIN: Readonly<Record<AsideRow['again'], AsideRow['againWhen']>> = {
  done: { zh: '已在账上，不用再办', en: 'In the books: nothing is left to do' },
  upgrade: { zh: '县中心升级后自动入账', en: 'Booked by itself once the hub is upgraded' },
  start: { zh: '县中心下次启动时自动再试', en: 'Tried again by itself at the next start of the hub' },
  room: { zh: '磁盘有了空间就自动入账', en: 'Booked by itself as soon as the disk has room' },
  certificate: { zh: '补登证书后自动重收', en: 'Taken by itself once the key is certified' },
  person: { zh: '等人决定：收下还是拒收', en: 'Waits for a person: take it or refuse it' },
  never: { zh: '不会入账，只留作证据', en: 'Will not be booked; kept as evidence' },
}
const againOf = (again: AsideRow['again']) => ({ again, againWhen: AGAIN[again] })

const whyOf = (code: string): AsideRow['why'] => {
  if (!Object.hasOwn(REFUSALS, code)) return { zh: code, en: code }
  const { zh, en } = REFUSALS[code as RefusalCode]
  return { zh, en }
}
