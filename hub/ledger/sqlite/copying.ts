import type { BatchReading, EpochTip, Stretch } from '@lotkeeper/protocol/ledger/stream.ts'
import { HUB, type StreamId, writerOf } from '@lotkeeper/protocol/names.ts'
import { readBatch, writeBatch } from '@lotkeeper/protocol/wire/batch.ts'
import type { SecondCopy } from '../second-copy.ts'

/** Keeps the second copy level with the hub's own streams, and gives back what it holds beyond them. */
export interface Copying {
  /** Appends what the copy lacks of these streams; to be called after a commit and before anybody hears of it. */
  readonly follow: (streams: readonly StreamId[]) => void
  /** Reads the copy and offers what it holds; until that succeeded nothing is appended. */
  readonly open: (offer: (lines: readonly string[]) => boolean) => void
  readonly state: () => 'none' | 'ok' | 'failing'
  readonly close: () => void
}

export interface CopiedLedger {
  readonly epochs: () => readonly EpochTip[]
  readonly tips: (stream: StreamId) => readonly EpochTip[]
  readonly batch: (stretch: Stretch) => BatchReading | null
  readonly now: () => number
  /** The copy cannot be read or written, or can again. */
  readonly failing: (why: string) => void
  /** `false` when there is no room to write that down. */
  readonly well: () => boolean
}

/** `copy` is null when none is set. */
export const openCopying = (copy: SecondCopy | null, ledger: CopiedLedger): Copying => {
  const copied = new Map<string, number>()
  let read = false
  let state: ReturnType<Copying['state']> = copy ? 'ok' : 'none'
  /** Whether trouble may stand written down: a hub that died with it, or lost the setting, is well from its next start on. */
  let troubled = true
  const settle = () => {
    if (troubled) troubled = !ledger.well()
  }
  const attempt = (run: (to: SecondCopy) => void): void => {
    if (!copy) {
      settle()
      return
    }
    try {
      run(copy)
    } catch (cause) {
      if (!isOfDevice(cause)) throw cause
      state = 'failing'
      troubled = true
      ledger.failing(cause.code ?? cause.message)
      return
    }
    settle()
    state = 'ok'
  }
  const note = ({ stream, epoch, upto }: Pick<Stretch, 'stream' | 'epoch' | 'upto'>) =>
    copied.set(`${stream}\n${epoch}`, Math.max(upto, copied.get(`${stream}\n${epoch}`) ?? 0))
  const missing = (tips: readonly EpochTip[]): readonly BatchReading[] =>
    tips.flatMap(({ stream, epoch, held }) => {
      const batches: BatchReading[] = []
      for (let from = (copied.get(`${stream}\n${epoch}`) ?? 0) + 1; from <= held; ) {
        const batch = ledger.batch({ stream, epoch, from, upto: held })
        if (!batch) break
        batches.push(batch)
        from = batch.upto + 1
      }
      return batches
    })
  const append = (to: SecondCopy, tips: readonly EpochTip[]): void => {
    const batches = missing(tips.filter(({ stream }) => writerOf(stream) === HUB))
    if (batches.length === 0) return
    const time = new Date(ledger.now()).toISOString()
    to.append(batches.map((batch) => writeBatch(batch, { source: '/hub', time })))
    for (const batch of batches) note(batch)
  }
  const readAll = (from: SecondCopy, offer: (lines: readonly string[]) => boolean): void => {
    let group: string[] = []
    for (const line of from.lines()) {
      const batch = readBatch(line)
      if (!batch) continue
      note(batch)
      group.push(line)
      if (group.length < LINES_OFFERED) continue
      if (!offer(group)) return
      group = []
    }
    if (group.length > 0 && !offer(group)) return
    read = true
  }
  return {
    follow: (streams) => {
      // A copy that failed is written whole again: what was missed in between is not known by its stream.
      if (read && streams.length > 0) attempt((to) => append(to, state === 'failing' ? ledger.epochs() : streams.flatMap(ledger.tips)))
    },
    open: (offer) =>
      attempt((to) => {
        if (!read) readAll(to, offer)
        if (read) append(to, ledger.epochs())
      }),
    state: () => state,
    close: () => copy?.close(),
  }
}

/** Only what the file system says is the copy's trouble; a database that breaks meanwhile must end the hub as ever. */
const isOfDevice = (cause: unknown): cause is NodeJS.ErrnoException => cause instanceof Error && 'syscall' in cause

/** Lines offered in one commit. */
const LINES_OFFERED = 64
