import { describe, expect, test } from 'vitest'
import { openSender, RESEND_MS, RESEND_MS_MAX } from './sender.ts'
import type { EpochTip, Tip } from './stream.ts'

const mine = (held: number): readonly EpochTip[] => [{ stream: 's>*', epoch: 'a', parent: null, held, headHash: '', applied: held }]
const theirs = (held: number): readonly Tip[] => [{ stream: 's>*', epoch: 'a', held, headHash: '', applied: held, refused: [] }]

describe('the sender', () => {
  test('says nothing until the peer has spoken', () => {
    const sender = openSender()
    expect(sender.next(mine(5), 0)).toBeNull()
    sender.told(theirs(2))
    expect(sender.next(mine(5), 0)).toMatchObject({ from: 3, upto: 5 })
  })

  test('what the peer brought it holds; it is not sent back, though the peer has not said so yet', () => {
    const sender = openSender()
    sender.told(theirs(2), theirs(4))
    expect(sender.next(mine(5), 0)).toMatchObject({ from: 5, upto: 5 })
    sender.told(theirs(2))
    expect(sender.next(mine(5), 0)).toMatchObject({ from: 3, upto: 5 })
  })

  test('goes on from what left, not from what is held, until the time to repeat has come', () => {
    const sender = openSender()
    sender.told(theirs(0))
    sender.sent({ stream: 's>*', epoch: 'a', from: 1, upto: 4 }, 1000)
    expect(sender.next(mine(4), 1001)).toBeNull()
    expect(sender.next(mine(6), 1001)).toMatchObject({ from: 5, upto: 6 })
    expect(sender.resendIn(mine(4), 1200)).toBe(RESEND_MS - 200)
    expect(sender.next(mine(4), 1000 + RESEND_MS)).toMatchObject({ from: 1, upto: 4 })
  })

  test('keeps a window: PUBACK opens it', () => {
    const sender = openSender(1)
    sender.told(theirs(0))
    sender.sent({ stream: 's>*', epoch: 'a', from: 1, upto: 2 }, 0)
    expect(sender.next(mine(9), 1)).toBeNull()
    sender.taken()
    expect(sender.next(mine(9), 1)).toMatchObject({ from: 3, upto: 9 })
  })

  test('a lost answer cannot close the window for ever', () => {
    const sender = openSender(1)
    sender.told(theirs(0))
    sender.sent({ stream: 's>*', epoch: 'a', from: 1, upto: 2 }, 0)
    expect(sender.next(mine(2), RESEND_MS)).toMatchObject({ from: 1, upto: 2 })
  })

  test('what comes to nothing is repeated less and less often, until some of it is held or the line is another', () => {
    const sender = openSender()
    let now = 0
    const gapsOf = (count: number) =>
      Array.from({ length: count }, () => {
        const before = now
        while (!sender.next(mine(4), now)) now += 100
        sender.sent({ stream: 's>*', epoch: 'a', from: 3, upto: 4 }, now)
        sender.told(theirs(2))
        return (now - before) / RESEND_MS
      })
    sender.told(theirs(2))
    expect(gapsOf(7)).toEqual([0, 1, 2, 4, 8, 8, 8])
    expect(sender.resendIn(mine(4), now)).toBe(RESEND_MS_MAX)
    sender.told(theirs(3))
    expect(sender.resendIn(mine(4), now)).toBe(RESEND_MS)
    expect(gapsOf(3)).toEqual([1, 2, 4])
    sender.lost()
    sender.told(theirs(2))
    expect(gapsOf(2)).toEqual([0, 1])
  })

  test('what the peer holds is waiting no more; when it goes backwards it waits again', () => {
    const sender = openSender()
    sender.told(theirs(5))
    expect(sender.waiting(mine(7))).toBe(2)
    expect(sender.resendIn(mine(5), 0)).toBeNull()
    sender.told(theirs(1))
    expect(sender.waiting(mine(7))).toBe(6)
    sender.lost()
    expect(sender.next(mine(7), 0)).toBeNull()
  })
})
