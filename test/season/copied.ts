import { HUB, writerOf } from '@lotkeeper/protocol/names.ts'
import { readBatch } from '@lotkeeper/protocol/wire/batch.ts'
import type { World } from './world.ts'

/** A hub that keeps a second copy keeps it well in the end: whatever it wrote itself lies there, and no trouble with the device stands open. */
export const copyStands = async ({ hub, note }: World): Promise<readonly string[]> => {
  if (hub.copy().folder() === null) return []
  note('second copies')
  const copied = new Map<string, number>()
  for (const line of hub.copy().text().split('\n')) {
    const batch = readBatch(line)
    if (!batch) continue
    const name = `${batch.stream}/${batch.epoch}`
    copied.set(name, Math.max(batch.upto, copied.get(name) ?? 0))
  }
  const db = hub.db()
  const written = db.prepare<[], EpochRow>('select stream, epoch, held_seq as held from epoch where held_seq > 0').all()
  const open = db.prepare<[], number>(`select count(*) from discrepancy where kind = 'second-copy-failing' and closed_at is null`).pluck()
  const { secondCopy } = await hub.ledger().storage()
  return [
    ...written
      .filter(({ stream, epoch, held }) => writerOf(stream) === HUB && (copied.get(`${stream}/${epoch}`) ?? 0) < held)
      .map(({ stream, epoch, held }) => `second copy: of ${held} in ${stream}/${epoch} it has ${copied.get(`${stream}/${epoch}`) ?? 0}`),
    ...(secondCopy === 'ok' ? [] : [`second copy: it is ${secondCopy} though its device is back`]),
    ...((open.get() ?? 0) > 0 ? ['second copy: its device is back, and the trouble stands open'] : []),
  ]
}

interface EpochRow {
  readonly stream: string
  readonly epoch: string
  readonly held: number
}
