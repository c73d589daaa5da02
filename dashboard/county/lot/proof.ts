import type { HubAnswer } from '@lotkeeper/protocol/api/hub.ts'
import { bytesOfHex, sameBytes } from '@lotkeeper/protocol/bytes.ts'
import { readCheckpoint } from '@lotkeeper/protocol/ledger/checkpoint.ts'
import { rootOfPath } from '@lotkeeper/protocol/ledger/tree.ts'
import { sha256 } from '../../parts/sha256.ts'

type Inclusion = HubAnswer<'inclusion'>
type Checkpoint = HubAnswer<'checkpoint'>

/** Whether the leaf and its path really give the root, reckoned here [RFC 6962 2.1.1]. */
export const proofHolds = ({ index, size, leaf, path, root }: Inclusion): boolean => {
  const hashes = path.map(bytesOfHex)
  const from = bytesOfHex(leaf)
  const told = bytesOfHex(root)
  if (!from || !told || !hashes.every((hash) => hash !== null)) return false
  const reckoned = rootOfPath({ sha256 }, { index, size }, from, hashes)
  return reckoned !== null && sameBytes(reckoned, told)
}

/** How the proof stands to the newest signed checkpoint: of the same tree with the same root or with another, of a later tree, or of an earlier one. */
export const signedBy = (
  inclusion: Inclusion,
  checkpoint: Checkpoint,
): { readonly is: 'signed' | 'differs' | 'newer' | 'covered'; readonly size: number } | null => {
  const signed = checkpoint.text === null ? null : readCheckpoint(checkpoint.text)
  if (!signed || checkpoint.epoch !== inclusion.epoch) return null
  const { size } = signed
  if (size !== inclusion.size) return { is: size > inclusion.index ? 'covered' : 'newer', size }
  const root = bytesOfHex(inclusion.root)
  return { is: root && sameBytes(root, signed.root) ? 'signed' : 'differs', size }
}
