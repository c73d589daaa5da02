import type { NodeBody } from '@lotkeeper/protocol/api/node.ts'
import { refuse } from '@lotkeeper/protocol/refusals.ts'
import { type Decide, draftOf, textOf } from './draft.ts'

/** Takes an alarm on, with what is being done about it (R17). The alarm rings until its cause is gone; it only has an owner now. */
export const decideAcknowledge =
  (rings: (alarm: string) => boolean): Decide<Omit<NodeBody<'acknowledge'>, 'action'>> =>
  (_book, { alarm, reason: said }, at) => {
    if (!rings(alarm)) return refuse('stockroom.alarm-unknown', { alarm })
    const reason = textOf(said)
    if (reason === null) return refuse('rules.reason-missing')
    return [draftOf('alarm', at, { lines: [], body: { alarm, action: 'acknowledged', reason } })]
  }
