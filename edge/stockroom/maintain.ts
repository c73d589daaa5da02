import type { NodeBody } from '@lotkeeper/protocol/api/node.ts'
import { refuse } from '@lotkeeper/protocol/refusals.ts'
import { type Decide, draftOf, textOf } from './draft.ts'

/** Whether the node has a device, and a reader that antenna. */
export type HasDevice = (device: string, antenna: number | null) => boolean

/** Records work on a device, for the node that measures it anew and for whoever asks later what was done. */
export const decideMaintain =
  (has: HasDevice): Decide<Omit<NodeBody<'maintain'>, 'action'>> =>
  (_book, { device, antenna = null, what, words: said }, at) => {
    if (!has(device, antenna)) return refuse('stockroom.device-unknown', { device: antenna === null ? device : `${device}:${antenna}` })
    const words = textOf(said)
    if (what === 'other' && words === null) return refuse('rules.reason-missing')
    return [{ ...draftOf('maintenance', at, { lines: [], body: { device, antenna, what, words } }), device }]
  }
