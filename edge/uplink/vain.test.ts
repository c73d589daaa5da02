import { holeText } from '@lotkeeper/protocol/ledger/chain.ts'
import { expect, test } from 'vitest'
import { ASK_AGAIN_MS, openVain } from './vain.ts'

const HOLE = holeText(new Uint8Array(32))
const openRig = () => {
  let now = 0
  const vain = openVain({ monotonic: () => now })
  return {
    vain,
    pass: (ms: number) => {
      now += ms
    },
    sends: (...entries: string[]) => vain.note({ stream: 'qinglong>*', epoch: 'a', from: 7, entries }),
    vainly: () => [6, 7, 8, 9].filter((seq) => vain.has('qinglong>*', 'a', seq)),
  }
}

test.each([
  ['nothing was asked for', [], []],
  ['texts come back', ['{}', '{}'], []],
  ['a hole comes back, with what follows it', [HOLE, '{}'], [7]],
  ['two holes come back', [HOLE, HOLE, '{}'], [7, 8]],
])('%s', (_story, entries, vainly) => {
  const rig = openRig()
  rig.sends(...entries)
  expect(rig.vainly()).toEqual(vainly)
  expect(rig.vain.has('qinglong>*', 'b', 7)).toBe(false)
})

test('it is asked for again after an hour, on a new line, and once the text has come', () => {
  const rig = openRig()
  rig.sends(HOLE)
  rig.pass(ASK_AGAIN_MS - 1)
  expect(rig.vainly()).toEqual([7])
  rig.pass(1)
  expect(rig.vainly()).toEqual([])
  rig.sends(HOLE)
  rig.vain.forget()
  expect(rig.vainly()).toEqual([])
  rig.sends(HOLE)
  rig.sends('{}')
  expect(rig.vainly()).toEqual([])
})
