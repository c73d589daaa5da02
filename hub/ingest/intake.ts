import { isRefusal } from '@lotkeeper/protocol/refusals.ts'
import type { HubLedger, Outcome, Parcel } from '../ledger/contract.ts'
import type { HubParts } from '../parts.ts'

/** Parcels gathered while a commit is under way go into the next one; each is acknowledged after the commit that decided on it. */
export interface Intake {
  readonly offer: (parcel: Parcel, done: () => void) => void
  readonly counts: () => { readonly commits: number; readonly parcels: number; readonly taken: number; readonly dropped: number }
}

/** Parcels of one commit: enough to share a flush, few enough to keep a node waiting for milliseconds only. */
export const GROUP_PARCELS_MAX = 256
export const GROUP_BYTES_MAX = 8_388_608
/** Bytes waiting for a commit over all nodes. What comes beyond is acknowledged and dropped: a PUBACK promises nothing, `have` asks again. */
export const QUEUE_BYTES_MAX = 67_108_864
/** While the disk is full the same group is offered again after so long. */
export const FULL_RETRY_MS = 1_000

export const openIntake = (
  parts: Pick<HubParts, 'timers'>,
  ledger: Pick<HubLedger, 'take'>,
  on: { readonly judged: (outcome: Outcome) => void; readonly failed: (why: unknown) => void },
): Intake => {
  const queue: { readonly parcel: Parcel; readonly done: () => void }[] = []
  const count = { commits: 0, parcels: 0, taken: 0, dropped: 0 }
  let queuedBytes = 0
  let busy = false

  const next = () => {
    let bytes = 0
    const end = queue.findIndex(({ parcel }, at) => {
      bytes += parcel.payload.length
      return at >= GROUP_PARCELS_MAX || (at > 0 && bytes > GROUP_BYTES_MAX)
    })
    return queue.splice(0, end < 0 ? queue.length : end)
  }
  const commit = async (group: ReturnType<typeof next>): Promise<void> => {
    const outcomes = await ledger.take(group.map(({ parcel }) => parcel))
    if (isRefusal(outcomes)) {
      // Nothing was taken and nothing acknowledged: the nodes keep their windows shut and their entries safe until there is room.
      parts.timers.after(FULL_RETRY_MS, () => void commit(group).catch(on.failed))
      return
    }
    count.commits += 1
    count.parcels += group.length
    for (const { parcel, done } of group) {
      queuedBytes -= parcel.payload.length
      done()
    }
    for (const outcome of outcomes) {
      count.taken += outcome.taken
      on.judged(outcome)
    }
    busy = false
    start()
  }
  const start = () => {
    if (busy || queue.length === 0) return
    busy = true
    commit(next()).catch(on.failed)
  }
  return {
    offer: (parcel, done) => {
      if (queuedBytes + parcel.payload.length > QUEUE_BYTES_MAX) {
        count.dropped += 1
        done()
        return
      }
      queuedBytes += parcel.payload.length
      queue.push({ parcel, done })
      start()
    },
    counts: () => ({ ...count }),
  }
}
