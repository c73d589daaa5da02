import type { AsideEntry, AsideView } from '@lotkeeper/protocol/api/asides.ts'
import { type Entry, readEntry } from '@lotkeeper/protocol/ledger/entry.ts'
import type { BatchReading, EpochTip } from '@lotkeeper/protocol/ledger/stream.ts'
import type { Database } from '../../../database.ts'
import { itemOf, lotNumberOf, type Names, openNames } from '../../../projections/questions/names.ts'
import type { Quarantined } from '../quarantine.ts'
import type { AsideParts } from './rows.ts'

/** Says entries in words, for one question. */
export type SayEntry = (seq: number, text: string) => AsideEntry

export const openContents = (db: Database, parts: Pick<AsideParts, 'now'>): (() => SayEntry) => {
  const namesNow = openNames(db, parts.now)
  return () => {
    const names = namesNow()
    return (seq, text) => {
      const reading = readEntry(text)
      if (reading.known) return { seq, readable: 'yes', text: null, ...saidOf(reading.entry, names) }
      if (reading.later !== null) {
        const { kind } = reading.later as { readonly kind?: string }
        return { ...NOTHING, seq, readable: 'later', kind: kind ?? null, text: text.slice(0, TEXT_MAX) }
      }
      return { ...NOTHING, seq, readable: reading.code === 'hole' ? 'hole' : 'no', text: text.slice(0, TEXT_MAX) }
    }
  }
}

/** What lies in a kept batch or is parked in an epoch, as far as one answer shows it. */
export const contentOf = (
  say: SayEntry,
  found: EpochTip | Quarantined,
  batch: BatchReading | null,
  { crypto, log }: Pick<AsideParts, 'crypto' | 'log'>,
): Pick<AsideView, 'content' | 'more' | 'begins'> => {
  if ('payload' in found) {
    const content = batch?.entries.map((text, at) => say(batch.from + at, text)) ?? []
    return { content, more: 0, begins: batch ? null : crypto.text(found.payload).slice(0, BEGINS_MAX) }
  }
  const rows = log.rows({ stream: found.stream, epoch: found.epoch, from: found.applied + 1 }, SHOWN_MAX)
  return { content: rows.map(({ seq, body }) => say(seq, body)), more: found.held - found.applied - rows.length, begins: null }
}

/** Entries of one epoch shown at once: as many as a batch may hold. */
const SHOWN_MAX = 64
const TEXT_MAX = 16_384
const BEGINS_MAX = 2_000
const NOTHING = { kind: null, occurredAt: null, actor: null, doc: null, reason: null, lines: [] }

const saidOf = ({ kind, occurredAt, actor, doc, body, lines }: Entry, names: Names) => ({
  ...{ kind, occurredAt, actor, doc, reason: reasonIn(body) },
  lines: lines.map(({ lot, from, to, units }) => {
    const item = names.item(itemOf(lot))
    return {
      ...{ lot, lotNumber: lotNumberOf(lot), itemName: item.name, unit: item.unit, units },
      ...{ from, to, fromName: names.place(from), toName: names.place(to) },
    }
  }),
})

const reasonIn = (body: Entry['body']): string | null => {
  const override = body['override'] as { readonly reason?: string } | undefined
  const reason = body['reason'] ?? override?.reason
  return typeof reason === 'string' ? reason : null
}
