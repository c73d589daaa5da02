import type { NodeId } from '@lotkeeper/protocol/names.ts'

/**
 * Tells a clone by the epochs that come up under one name. A process that restarts never comes back to an epoch it left; two machines that
 * take each other's place do: A, B, A.
 */
export interface Clones {
  /** Whether a birth under this epoch would be the first that is heard of it. */
  readonly began: (node: NodeId, epoch: string) => boolean
  /** A birth came; whether it shows two machines. */
  readonly born: (node: NodeId, epoch: string) => boolean
}

export const openClones = (): Clones => {
  const left = new Map<NodeId, { readonly now: string; readonly before: readonly string[] }>()
  return {
    began: (node, epoch) => left.get(node)?.now !== epoch,
    born: (node, epoch) => {
      const known = left.get(node)
      if (known?.now === epoch) return false
      const before = known ? [...known.before, known.now].slice(-EPOCHS_REMEMBERED) : []
      left.set(node, { now: epoch, before })
      return before.includes(epoch)
    },
  }
}

/** More than two machines have never been seen under one name; a few more cost nothing. */
const EPOCHS_REMEMBERED = 8
