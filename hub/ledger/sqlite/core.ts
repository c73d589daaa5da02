import { hexOf } from '@lotkeeper/protocol/bytes.ts'
import { CHAIN_START } from '@lotkeeper/protocol/ledger/chain.ts'
import type { EpochTip } from '@lotkeeper/protocol/ledger/stream.ts'
import { type EntryId, entryId, entryOf, HUB, type NodeId, type StreamId } from '@lotkeeper/protocol/names.ts'
import { isRefusal, type Refusal, refuse } from '@lotkeeper/protocol/refusals.ts'
import { signerOf } from '../../crypto.ts'
import { type Database, type OpenedDatabase, storageTroubleOf } from '../../database.ts'
import { openQuestions, type Questions } from '../../projections/questions.ts'
import type { HubLedger, HubTip, Outcome, Parcel } from '../contract.ts'
import { openSecondCopy } from '../second-copy.ts'
import type { Change } from '../telling.ts'
import { audit, refold } from './audit.ts'
import { witnessOf } from './checkpoints.ts'
import { type Commits, openCommits } from './commit.ts'
import { type Copying, openCopying } from './copying.ts'
import { holeDraft } from './damage.ts'
import type { Log } from './log.ts'
import { unparkAll, unparkEpoch } from './parked.ts'
import { type LedgerParts, openRooms, type Rooms } from './rooms.ts'
import { openUnsaid, type Unsaid } from './unsaid.ts'

/** The master ledger on one connection, synchronous: the same words as `HubLedger`, answered at once. */
export type LedgerCore = {
  readonly [Name in Exclude<keyof HubLedger, 'ask' | 'follow' | 'epoch' | 'audit' | 'close'>]: Synchronous<HubLedger[Name]>
} & {
  readonly ask: Questions
  /** Called after every commit that changed something, with the keys of what changed. */
  readonly follow: (listener: (change: Change) => void) => () => void
  readonly epoch: string
  /** An audit in steps, so that its host can do other work between them. */
  readonly auditSteps: () => Generator<void, readonly string[]>
  /** Closes the files. */
  readonly shut: () => void
}
type Synchronous<Method> = Method extends (...asked: infer Asked) => Promise<infer Answer> ? (...asked: Asked) => Answer : never

export const openLedgerCore = (opened: OpenedDatabase, parts: LedgerParts): LedgerCore => {
  const { db } = opened
  const rooms = openRooms(opened, parts)
  const unsaid = openUnsaid(rooms.events)
  let questions: Questions | null = null
  const listeners = new Set<(change: Change) => void>()
  const touched = new Set<NodeId>()
  let waiting: Change | null = null
  let copying: Copying | null = null

  const gather = () => {
    const folded = rooms.fold.flush()
    const seen = rooms.events.changed()
    const grown = rooms.append.grown()
    rooms.seals.keep(grown.streams)
    rooms.log.flush()
    rooms.tree.flush()
    const sites = [...new Set([...folded.sites, ...seen.sites, ...touched])].filter((site) => site !== '-')
    const keys = { ...folded, discrepancies: [...folded.discrepancies, ...seen.names] }
    waiting = { keys, sites, entries: grown.entries, grown: grown.streams }
  }
  const tell = () => {
    unsaid.said()
    const change = waiting
    waiting = null
    touched.clear()
    if (change) copying?.follow(change.grown)
    if (!change || change.entries + change.sites.length + change.keys.discrepancies.length === 0) return
    for (const listener of listeners) listener(change)
  }
  const commits = openCommits(opened, {
    flush: gather,
    done: tell,
    forget: () => {
      for (const room of [rooms.fold, rooms.log, rooms.tree, rooms.certificates, rooms.notes]) room.forget()
      rooms.events.changed()
      rooms.append.grown()
      unsaid.forget()
      touched.clear()
    },
    full: (atMs) => rooms.events.open({ kind: 'disk-full', site: null, subject: 'hub', entry: null, atMs, facts: {} }),
    room: (atMs) => {
      rooms.events.close('disk-full', 'hub', atMs)
      unsaid.say()
    },
    now: parts.now,
  })
  const batch = rooms.outgoing((entry) => nameDamage(commits, rooms, entry, parts.now()))
  copying = openCopying(parts.secondCopy ? openSecondCopy(parts.secondCopy) : null, {
    ...{ epochs: rooms.log.epochs, tips: rooms.log.tips, batch, now: parts.now },
    failing: (why) => commits.durable(() => rooms.events.open({ ...COPY_FAILS, atMs: parts.now(), facts: { why } })),
    well: () => !isRefusal(commits.durable(() => rooms.events.close(COPY_FAILS.kind, COPY_FAILS.subject, parts.now()))),
  })
  commits.durable(() => {
    rooms.notes.allOffline(parts.now())
    rooms.seals.keepMissing()
    // That this very commit finds room is the proof: whoever made it may have done so while nobody ran. Without room it is rolled back.
    rooms.events.close('disk-full', 'hub', parts.now())
  })
  const unpark = () => unparkAll(rooms.log, rooms.append, commits.durable)
  let parkedForRoom = !unpark()
  const importMark = importMarkOf(db)
  const take = takeOf(commits, rooms, () => {
    parkedForRoom = true
  })
  let tookBack = 0
  /** What the second copy holds beyond the file is taken back before anybody is told anything. */
  const offer = (lines: readonly string[]): boolean => {
    const parcels = lines.map((line) => ({ node: HUB, payload: parts.crypto.utf8(line), receivedAtMs: parts.now() }))
    const outcomes = take.take(parcels)
    if (isRefusal(outcomes)) return false
    tookBack += outcomes.reduce((sum, { taken }) => sum + taken, 0)
    return true
  }
  copying.open(offer)

  return {
    ...take,
    asides: rooms.asides.page,
    aside: rooms.asides.one,
    ...accessOf(commits, rooms, unsaid),
    ...witnessOf(commits, rooms, parts.epoch),
    ...notesOf(commits, rooms, touched),
    write: (drafts) => commits.durable(() => rooms.own.write(drafts)),
    tips: (streams) => streams.flatMap((stream) => tipsOf(rooms, stream)),
    batch,
    passed: rooms.passed,
    judgeDigest: (node, said, atMs) => {
      const buckets = commits.durable(() => rooms.digests.judge(node, said, atMs))
      return isRefusal(buckets) ? [] : buckets
    },
    standing: () => ({ certificates: rooms.certificates.hub(), tookBack, imported: importMark.isThere() }),
    settleImport: () => void commits.durable(importMark.remove),
    signWith: (key) => rooms.signWith(signerOf(parts.crypto, key)),
    sweep: (nowMs) => {
      commits.durable(() => rooms.sweep(nowMs))
      if (parkedForRoom) parkedForRoom = !unpark()
      copying?.open(offer)
    },
    storage: () => ({ ...commits.storage(), secondCopy: copying?.state() ?? 'none' }),
    rebuild: () => void commits.durable(() => refold(db, rooms.log, rooms.fold)),
    // A hub that starts has entries to take before anybody asks, and the questions are most of its statements.
    get ask() {
      questions ??= openQuestions(db, parts.now)
      return questions
    },
    follow: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    epoch: parts.epoch,
    auditSteps: () => audit(db, rooms.log),
    shut: () => {
      copying?.close()
      opened.close()
    },
  }
}

/** What `lotkeeper import` leaves in a file it made. */
const importMarkOf = (db: Database) => {
  const find = db.prepare(`select 1 from ledger where key = 'restored' and value = 'import'`).pluck()
  const drop = db.prepare(`delete from ledger where key = 'restored'`)
  return { isThere: () => find.get() === 1, remove: () => void drop.run() }
}

const COPY_FAILS = { kind: 'second-copy-failing', site: null, subject: 'hub', entry: null } as const

/** Taking a group; an entry that breaks the fold is found by offering its group one by one, then held and parked, never lost. */
const takeOf = (commits: Commits, rooms: Rooms, noRoom: () => void): Pick<LedgerCore, 'take' | 'quarantine' | 'decideAside'> => {
  const alone = (parcel: Parcel): Outcome | Refusal => {
    try {
      return commits.durable(() => rooms.take.one(parcel, true))
    } catch (cause) {
      if (storageTroubleOf(cause) !== null) throw cause
      return parked(parcel)
    }
  }
  const parked = (parcel: Parcel): Outcome | Refusal => {
    const outcome = commits.durable(() => rooms.take.one(parcel, false))
    if (!isRefusal(outcome)) applyUpTo(outcome, parcel.receivedAtMs)
    return outcome
  }
  /** Applies what was held without being applied, up to the entry that breaks the fold, and names that. */
  const applyUpTo = ({ node, stream, epoch }: Outcome, atMs: number): void => {
    const tip = stream !== null && epoch !== null ? rooms.log.tip(stream, epoch) : null
    if (!tip) return
    const why = unparkEpoch(rooms.log, rooms.append, tip, commits.durable)
    if (isRefusal(why)) noRoom()
    if (why === null || isRefusal(why)) return
    const seq = (rooms.log.tip(tip.stream, tip.epoch)?.applied ?? 0) + 1
    const id = entryId(tip.stream, tip.epoch, seq)
    const facts = { at: `${tip.epoch}/${seq}`, why: why instanceof Error ? why.message : String(why) }
    const draft = { kind: 'entry-not-applied', site: node, subject: id, entry: id, atMs, facts } as const
    commits.durable(() => rooms.events.open(draft))
  }
  return {
    take: (parcels) => {
      try {
        return commits.durable(() => parcels.map((parcel) => rooms.take.one(parcel, true)))
      } catch (cause) {
        if (storageTroubleOf(cause) !== null) throw cause
        const outcomes: Outcome[] = []
        for (const parcel of parcels) {
          const outcome = alone(parcel)
          if (isRefusal(outcome)) return outcome
          outcomes.push(outcome)
        }
        return outcomes
      }
    },
    decideAside: (wish) => {
      try {
        const decided = commits.durable(() => rooms.asides.decide(wish, true))
        return isRefusal(decided) ? decided : decided.row
      } catch (cause) {
        if (storageTroubleOf(cause) !== null) throw cause
        const decided = commits.durable(() => rooms.asides.decide(wish, false))
        if (isRefusal(decided)) return decided
        if (decided.outcome) applyUpTo(decided.outcome, decided.receivedAtMs)
        return decided.row
      }
    },
    quarantine: (node, code, payload, atMs) => void commits.durable(() => rooms.quarantine.keep(node, code, payload, atMs)),
  }
}

const accessOf = (
  commits: Commits,
  rooms: Rooms,
  unsaid: Unsaid,
): Pick<
  LedgerCore,
  | 'nodes'
  | 'keepCertificate'
  | 'showCertificate'
  | 'makeEnrolment'
  | 'redeemEnrolment'
  | 'endEnrolments'
  | 'openDiscrepancy'
  | 'closeDiscrepancy'
> => ({
  nodes: rooms.certificates.nodes,
  keepCertificate: (node, signed) => {
    const kept = commits.durable(() => rooms.keep(signed))
    if (kept === false) throw new TypeError(`the certificate kept for ${node} is not signed by the county key`)
  },
  showCertificate: (node, signed) => commits.durable(() => rooms.keepShown(node, signed)),
  makeEnrolment: (enrolment) => {
    const made = commits.durable(() => rooms.enrolments.make(enrolment))
    return isRefusal(made) ? made : made ? null : refuse('enrol.node-taken', { node: enrolment.node })
  },
  redeemEnrolment: (node, secretHash, signingKey, nowMs) =>
    commits.durable(() => rooms.enrolments.redeem(node, secretHash, signingKey, nowMs)),
  endEnrolments: (node, nowMs) => {
    const ended = commits.durable(() => {
      rooms.enrolments.end(node, nowMs)
      return null
    })
    return isRefusal(ended) ? ended : null
  },
  openDiscrepancy: (draft) => {
    const opened = !isRefusal(commits.durable(() => rooms.events.open(draft)))
    if (!opened) unsaid.wait(draft)
    return opened
  },
  closeDiscrepancy: (kind, subject, atMs) => {
    unsaid.drop(kind, subject)
    void commits.durable(() => rooms.events.close(kind, subject, atMs))
  },
})

const notesOf = (commits: Commits, rooms: Rooms, touched: Set<NodeId>): Pick<LedgerCore, 'noteBirth' | 'noteDeath' | 'noteHave'> => {
  const note = (node: NodeId, run: () => void) =>
    commits.light(() => {
      touched.add(node)
      run()
    })
  return {
    noteBirth: (node, birth, atMs) => note(node, () => rooms.notes.birth(node, birth, atMs)),
    noteDeath: (node, _why, atMs) => note(node, () => rooms.notes.death(node, atMs)),
    noteHave: (node, have, atMs) => note(node, () => rooms.notes.have(node, have, atMs)),
  }
}

/** A text of the hub's own file no longer gives its hash: it is named once, though it may be asked for again and again. */
const nameDamage = (commits: Commits, rooms: Rooms, entry: EntryId, atMs: number): void => {
  const place = entryOf(entry)
  if (place) commits.durable(() => rooms.events.open(holeDraft(place.stream, entry, atMs)))
}

const tipsOf = (rooms: Rooms, stream: StreamId): readonly HubTip[] => {
  const refused = rooms.take.refusedOf(stream)
  const tips = rooms.log.tips(stream).map((tip) => ({ ...tip, refused: refused.get(tip.epoch) ?? [], ...holesOf(rooms.log, tip) }))
  const nothingHeld = [...refused].filter(([epoch]) => !tips.some((tip) => tip.epoch === epoch))
  return [
    ...tips,
    ...nothingHeld.map(([epoch, marks]) => ({
      stream,
      epoch,
      parent: null,
      held: 0,
      headHash: '0'.repeat(64),
      applied: 0,
      refused: marks,
    })),
  ]
}

const holesOf = (log: Log, { stream, epoch, held }: EpochTip): Pick<HubTip, 'holes'> => {
  const numbers = log.holes(stream, epoch, 1, held)
  if (numbers.length === 0) return {}
  const before = (seq: number) => hexOf(log.hashAt(stream, epoch, seq - 1) ?? CHAIN_START)
  return { holes: numbers.toSorted((one, other) => one - other).map((seq) => ({ seq, before: before(seq) })) }
}
