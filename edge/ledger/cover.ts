import { hexOf } from '@lotkeeper/protocol/bytes.ts'
import { deltasOf } from '@lotkeeper/protocol/ledger/balance.ts'
import type { Line } from '@lotkeeper/protocol/ledger/entry.ts'
import { isOwnRoom } from '@lotkeeper/protocol/ledger/movement.ts'
import type { TakenEntry } from '@lotkeeper/protocol/ledger/stream.ts'
import { type NodeId, virtualPlace } from '@lotkeeper/protocol/names.ts'
import { isRefusal } from '@lotkeeper/protocol/refusals.ts'
import type { Book, Draft } from './contract.ts'
import { PLAIN, type Writer } from './writer.ts'

/** Own history always applies: a room it drives below zero gets the missing units from `unexplained` in the same commit [ledger-and-sync 3]. */
export const coverShortfall = ({ book, ...store }: Covering, entries: readonly TakenEntry[], nowMs: number): void => {
  const lines = lowestIn(entries).flatMap(({ lot, place, units }) =>
    isOwnRoom(book.owns, place) ? coverOf(store.node, lot, place, book.units(lot, place) + units) : [],
  )
  writeCover(store, `pulled:${store.writer.head().epoch}:${hexOf(entries[0]?.hash ?? new Uint8Array()).slice(0, 32)}`, lines, nowMs)
}

/** The deepest that each place falls while the entries take effect one after another: what a later one brings is not there yet for an earlier one. */
const lowestIn = (entries: readonly TakenEntry[]): readonly { readonly lot: string; readonly place: string; readonly units: number }[] => {
  const falls = new Map<string, { lot: string; place: string; sum: number; units: number }>()
  for (const { lot, place, units } of entries.flatMap(({ entry }) => deltasOf(entry?.lines ?? []))) {
    const fall = falls.get(`${lot}\n${place}`) ?? { lot, place, sum: 0, units: 0 }
    fall.sum += units
    fall.units = Math.min(fall.units, fall.sum)
    falls.set(`${lot}\n${place}`, fall)
  }
  return [...falls.values()].filter(({ units }) => units < 0)
}

/** Own rooms that stand below zero, as a log with a missing middle leaves them, get what is missing; what came with the places of another may stay below. */
export const coverNegative = ({ book, ...store }: Covering, nowMs: number): void => {
  const lines = book
    .positions()
    .flatMap(({ lot, place, units }) => (isOwnRoom((owner) => owner === store.node, place) ? coverOf(store.node, lot, place, units) : []))
  writeCover(store, `pulled:${store.writer.head().epoch}:${store.writer.head().seq}`, lines, nowMs)
}

const coverOf = (node: NodeId, lot: string, place: string, units: number): readonly Line[] =>
  units < 0 ? [{ lot, from: virtualPlace(node, 'unexplained'), to: place, units: -units, entered: null, tags: [] }] : []

const writeCover = ({ writer }: Pick<Covering, 'writer'>, action: string, lines: readonly Line[], nowMs: number): void => {
  for (let at = 0; at < lines.length; at += LINES_PER_ENTRY) {
    const draft: Draft<'move'> = {
      ...PLAIN,
      kind: 'move',
      occurredAtMs: nowMs,
      lines: lines.slice(at, at + LINES_PER_ENTRY),
      body: { reason: 'history pulled back' },
    }
    const answer = writer.write(`${action}:${at}`, [draft])
    if (isRefusal(answer)) throw new Error(`covering pulled history was refused: ${answer.en}`)
  }
}

const LINES_PER_ENTRY = 32

interface Covering {
  readonly node: NodeId
  readonly book: Book
  readonly writer: Writer
}
