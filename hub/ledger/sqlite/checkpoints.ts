import type { HubAnswer } from '@lotkeeper/protocol/api/hub.ts'
import { hexOf } from '@lotkeeper/protocol/bytes.ts'
import { type EntryId, STREAM_TO_ALL } from '@lotkeeper/protocol/names.ts'
import { isRefusal, type Refusal, refuse } from '@lotkeeper/protocol/refusals.ts'
import type { Commits } from './commit.ts'
import type { Rooms } from './rooms.ts'

/** What the ledger says of its tree: its checkpoints, told to every node, and the way of an entry to one of them. */
export const witnessOf = (
  commits: Commits,
  rooms: Pick<Rooms, 'tree' | 'own'>,
  epoch: string,
): {
  readonly keepCheckpoint: () => boolean
  readonly checkpoint: () => HubAnswer<'checkpoint'>
  readonly inclusion: (entry: EntryId) => HubAnswer<'inclusion'> | Refusal
} => ({
  keepCheckpoint: () => {
    const kept = commits.durable(() => {
      const signed = rooms.tree.sign()
      if (!signed) return null
      const action = `checkpoint/${epoch}/${signed.size}`
      const fixed = { stream: STREAM_TO_ALL, kind: 'checkpoint', part: 0, actor: null, doc: null, lines: [] } as const
      const written = rooms.own.write([{ ...fixed, action, body: { text: signed.text } }])
      if (!isRefusal(written)) rooms.tree.told()
      return written
    })
    return kept !== null && !isRefusal(kept)
  },
  checkpoint: () => {
    const { size, root, text } = rooms.tree.head()
    return { epoch, size, root: hexOf(root), text }
  },
  inclusion: (entry) => {
    const proof = rooms.tree.inclusion(entry)
    if (!proof) return refuse('ledger.entry-unknown', { entry })
    const { hubEpoch, index, size, leaf, path, root } = proof
    return { entry, epoch: hubEpoch, index, size, leaf: hexOf(leaf), path: path.map(hexOf), root: hexOf(root) }
  },
})
