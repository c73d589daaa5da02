import { describe, expect, it } from 'vitest'
import { openActs } from './act.ts'
import { type Answer, TROUBLES } from './door.ts'

const OK: Answer<string> = { ok: true, value: 'booked' }
const LOST: Answer<string> = { ok: false, trouble: TROUBLES.unreachable }
const REFUSED: Answer<string> = { ok: false, trouble: { code: 'rules.lot-expired', status: 409, zh: '过期', en: 'expired', facts: {} } }

/** Acts against a node that answers in this order; tells under which actions it was asked. */
const against = (...answers: readonly Answer<string>[]) => {
  const left = [...answers]
  const actions: string[] = []
  const waits: number[] = []
  let made = 0
  const send = openActs<object, string>(
    async (action) => {
      actions.push(action)
      return left.shift() ?? OK
    },
    {
      newAction: () => {
        made += 1
        return `act-${made}`
      },
      wait: async (ms) => void waits.push(ms),
    },
  )
  return { send, actions, waits }
}

describe('an act', () => {
  it('is asked again under the same action while nobody answers', async () => {
    const { send, actions, waits } = against(LOST, LOST, OK)
    expect(await send({ quantity: 2 })).toEqual(OK)
    expect([actions, waits.length]).toEqual([['act-1', 'act-1', 'act-1'], 2])
  })
  it('keeps its action when the person tries again later with the same content', async () => {
    const { send, actions } = against(LOST, LOST, LOST, OK)
    expect(await send({ quantity: 2 })).toEqual(LOST)
    expect(await send({ quantity: 2 })).toEqual(OK)
    expect(new Set(actions)).toEqual(new Set(['act-1']))
  })
  it('is a new one when the content changed meanwhile', async () => {
    const { send, actions } = against(LOST, LOST, LOST, OK)
    await send({ quantity: 2 })
    await send({ quantity: 3 })
    expect(actions.at(-1)).toBe('act-2')
  })
  it('is a new one after an answer: the same again is meant twice', async () => {
    const { send, actions } = against(OK, OK)
    await send({ quantity: 2 })
    await send({ quantity: 2 })
    expect(actions).toEqual(['act-1', 'act-2'])
  })
  it('is not repeated after a refusal, and its answer in place is a new act', async () => {
    const { send, actions, waits } = against(REFUSED, OK)
    expect(await send({ quantity: 2 })).toEqual(REFUSED)
    await send({ quantity: 2, override: { rule: 'rules.lot-expired', reason: 'urgent' } })
    expect([actions, waits]).toEqual([['act-1', 'act-2'], []])
  })
})
