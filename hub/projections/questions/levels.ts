import type { MovementRow } from '@lotkeeper/protocol/api/views.ts'
import { type EpochId, HUB, type StreamId, writerOf } from '@lotkeeper/protocol/names.ts'
import type { Database } from '../../database.ts'

/**
 * How safe entries are by what others told they hold: an entry is booked when it is committed here, and safe when a second machine holds it by
 * its own word, its node for its own stream, anybody else for the hub's [ledger-and-sync 3]. Made anew for each question.
 */
export const openLevels = (db: Database): (() => (stream: StreamId, epoch: EpochId, seq: number) => MovementRow['level']) => {
  const told = {
    own: db.prepare<[string, string], Held>('select epoch, held from hub_have where node = ? and stream = ?'),
    hub: db.prepare<[string], Held>('select epoch, max(held) as held from hub_have where stream = ? group by epoch'),
  }
  const parent = db.prepare<[string, string], { readonly epoch: string | null; readonly held: number | null }>(
    'select parent_epoch as epoch, parent_seq as held from epoch where stream = ? and epoch = ?',
  )
  /** Who holds an epoch holds what it goes on from. */
  const heldOf = (stream: StreamId): ReadonlyMap<EpochId, number> => {
    const held = new Map<EpochId, number>()
    const writer = writerOf(stream)
    for (const tip of writer === HUB ? told.hub.all(stream) : told.own.all(writer, stream)) {
      for (let at: { readonly epoch: string | null; readonly held: number | null } | undefined = tip; at?.epoch != null; ) {
        const before = held.get(at.epoch)
        if (before !== undefined && before >= (at.held ?? 0)) break
        held.set(at.epoch, at.held ?? 0)
        at = parent.get(stream, at.epoch)
      }
    }
    return held
  }
  return () => {
    const known = new Map<StreamId, ReadonlyMap<EpochId, number>>()
    return (stream, epoch, seq) => {
      let held = known.get(stream)
      if (!held) {
        held = heldOf(stream)
        known.set(stream, held)
      }
      return seq <= (held.get(epoch) ?? 0) ? 'safe' : 'booked'
    }
  }
}

interface Held {
  readonly epoch: string
  readonly held: number
}
