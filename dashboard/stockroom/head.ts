import type { Memory } from '../parts/memory.ts'

/**
 * The newest entry this device was answered, per node, told back with every question: a node that lacks it has lost its tail and says so.
 * Until the node has said its name nothing is told, for another node may answer at the same address.
 */
export interface Head {
  readonly headers: () => Readonly<Record<string, string>>
  /** Looks into every answer of the node. */
  readonly heard: (value: unknown) => void
}

export const openHead = (memory: Memory): Head => {
  let node: string | null = null
  return {
    headers: () => {
      const head = node === null ? null : memory.read(`head.${node}`)
      return head === null ? {} : { 'lotkeeper-head': head }
    },
    heard: (value) => {
      const { head, node: name } = (typeof value === 'object' && value !== null ? value : {}) as {
        readonly head?: unknown
        readonly node?: unknown
      }
      const first = node === null && typeof name === 'string'
      if (first) node = name
      const told = textOf(head)
      // The first answer of a visit is compared with what was remembered, not written over it.
      if (node !== null && told !== null && !(first && memory.read(`head.${node}`) !== null)) memory.write(`head.${node}`, told)
    },
  }
}

const textOf = (head: unknown): string | null => {
  const { epoch, seq, hash } = (typeof head === 'object' && head !== null ? head : {}) as Readonly<Record<string, unknown>>
  return typeof epoch === 'string' && typeof seq === 'number' && typeof hash === 'string' ? `${epoch}/${seq}/${hash}` : null
}
