import { type NodeId, streamOfNode } from '@lotkeeper/protocol/names.ts'
import { isRefusal, type Refusal, refuse } from '@lotkeeper/protocol/refusals.ts'
import { closeDatabase, type Database, faultOf, inTransaction, isDamage, troubleOf } from '../database.ts'
import { fault } from '../faults.ts'
import { openActions } from './actions.ts'
import { openApply } from './apply.ts'
import { openBook } from './book.ts'
import { openClockWatch } from './clock.ts'
import type { Booking, Changed, Draft, EdgeLedger } from './contract.ts'
import { coverNegative } from './cover.ts'
import { openDamage } from './damage.ts'
import { openExchange } from './exchange.ts'
import { judgeTail, openLog } from './log.ts'
import { openNoted } from './noted.ts'
import { applyParked, rebuild } from './rebuild.ts'
import { openToday } from './today.ts'
import { type Commit, type LedgerParts, openWriter, type WriterOptions, writtenBefore } from './writer.ts'

/**
 * Opens a node's ledger on its open database, and with it a new epoch of the node's stream [ledger-and-sync 3]. Pages that nobody read before may be
 * damaged: then a fault of `database.*`, and the next start, which finds the file not closed, salvages it.
 */
export const openEdgeLedger = (db: Database, parts: LedgerParts, options: WriterOptions): EdgeLedger => {
  try {
    return openOn(db, parts, options)
  } catch (error) {
    throw faultOf(db.name, error)
  }
}

const openOn = (db: Database, parts: LedgerParts, options: WriterOptions): EdgeLedger => {
  claim(db, options.node)
  const log = openLog(db)
  judgeTail(log)
  const apply = openApply(db, options.node)
  const noted = openNoted(db)
  const today = openToday(() => ({ clock: parts.clock, boot: parts.boot, noted: noted.read(), lastOwnAtMs: writer.lastOwnAtMs() }))
  const book = openBook(db, options.node, {
    lastOwnAtMs: () => writer.lastOwnAtMs(),
    today: () => today(() => book.site()?.zone ?? options.zone),
  })
  const actions = openActions(db, options.node)
  const listeners = new Set<(changed: Changed) => void>()
  let wrote: Changed['entries'][number][] = []
  let disk: ReturnType<EdgeLedger['disk']> = 'ok'
  const writer = openWriter(parts, options, { log, apply, book, wrote: (entry) => void wrote.push(entry) })

  /** The only way to write: one transaction, then everybody is told; on a full or failing disk all of it is as before. */
  const commit: Commit = (write) => {
    wrote = []
    let result: ReturnType<typeof write>
    try {
      result = inTransaction(db, () => {
        writer.beginEpoch()
        clock.write()
        const result = write()
        exchange.settle()
        return result
      })
    } catch (error) {
      log.reload()
      damage.reload()
      writer.reset()
      exchange.unsettled()
      const trouble = troubleOf(error)
      if (!trouble) throw isDamage(error) ? faultOf(db.name, error) : error
      disk = trouble
      return refuse(`ledger.disk-${trouble}`)
    }
    disk = 'ok'
    exchange.settled()
    const changed = { entries: wrote }
    if (changed.entries.length > 0) for (const listener of [...listeners]) listener(changed)
    return result
  }
  const clock = openClockWatch(db, parts, { writer, noted: noted.read })
  const damage = openDamage(db, parts.crypto, log, commit)
  const exchange = openExchange(db, parts, {
    ...{ node: options.node, log, apply, book, writer, actions, commit, damage, noted, now: parts.clock.now },
    wrote: (entry) => void wrote.push(entry),
    heard: () => {
      if (clock.due()) commit(() => {})
    },
  })

  /** What an action that was booked before gave; `null` for a new one. */
  const repeated = ({ action, act }: Act): Booking | Refusal | null => {
    const before = actions.find(action)
    if (!before) return null
    if (before.act !== null && before.act !== act) return refuse('api.action-reused')
    return { fresh: false, entries: writtenBefore(log, before), head: writer.head() }
  }
  /** What stands is answered, whatever the disk refuses now: told that nothing is booked, a person would book it once more. */
  const standing = (act: Act, refusal: Refusal): Booking | Refusal => {
    try {
      return repeated(act) ?? refusal
    } catch (error) {
      if (troubleOf(error)) return refusal
      throw isDamage(error) ? faultOf(db.name, error) : error
    }
  }
  const decided = (one: Act): Booking | Refusal => {
    const { action, act, decide } = one
    const before = repeated(one)
    if (before) return before
    const drafts = decide(book)
    if (isRefusal(drafts)) return drafts
    const entries = writer.write(action, drafts)
    if (isRefusal(entries)) return entries
    const head = writer.head()
    actions.keep(action, act, { ...head, seq: entries[0]?.seq ?? head.seq, entries: entries.length })
    return { fresh: true, entries, head }
  }
  const bookGroup: EdgeLedger['bookGroup'] = (acts) => {
    const answers = commit(() => acts.map(decided))
    return isRefusal(answers) ? acts.map((act) => standing(act, answers)) : answers
  }

  const fold = { own: streamOfNode(options.node), apply, actions, crypto: parts.crypto }
  const settleFold = () => {
    const nowMs = parts.clock.now()
    coverNegative({ node: options.node, book, writer }, nowMs)
    actions.nameTwins({ book, writer }, nowMs)
  }

  commit(() => {
    applyParked(db, log, fold)
    settleFold()
  })
  log.reload()
  damage.reload()
  damage.inspectTail(streamOfNode(options.node))
  return {
    book: (act, decide) => {
      const [answer] = bookGroup([{ ...act, decide }])
      if (!answer) throw new Error('one act has one answer')
      return answer
    },
    bookGroup,
    read: book,
    exchange,
    head: writer.head,
    epoch: writer.epoch,
    holds: ({ epoch, seq, hash }) => {
      const held = log.hashAt(streamOfNode(options.node), epoch, seq)
      return held !== null && Buffer.from(held).toString('hex').toUpperCase() === hash
    },
    disk: () => disk,
    follow: (listener) => {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    rebuild: () => {
      const differed = commit(() => {
        const differed = rebuild(db, log, fold)
        settleFold()
        return differed
      })
      if (isRefusal(differed)) throw new Error(differed.en)
      log.reload()
      damage.reload()
      return differed
    },
    close: () => {
      if (db.open) commit(() => {})
      closeDatabase(db)
    },
  }
}

interface Act {
  readonly action: string
  readonly act: string
  readonly decide: (book: EdgeLedger['read']) => readonly Draft[] | Refusal
}

/** A file belongs to one node for ever: its entries name it. */
const claim = (db: Database, node: NodeId): void => {
  const found = db.prepare<[], string>(`select value from ledger where key = 'node'`).pluck().get()
  if (found !== undefined && found !== node) throw fault('ledger.other-node', { found, node })
  if (found !== undefined) return
  try {
    db.prepare(`insert into ledger (key, value) values ('node', ?)`).run(node)
  } catch (error) {
    // On a full disk the claim waits for the next start.
    if (troubleOf(error) === null) throw error
  }
}
