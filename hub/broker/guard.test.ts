import { describe, expect, test } from 'vitest'
import { openFrameGuard } from './guard.ts'

const LIMITS = { beforeConnect: 200, after: 20_000 }
const frame = (type: number, length: number): Uint8Array => {
  const head = [type << 4]
  for (let left = length; ; ) {
    const byte = left % 128
    left = Math.floor(left / 128)
    head.push(left > 0 ? byte | 0x80 : byte)
    if (left === 0) break
  }
  return Uint8Array.from([...head, ...new Uint8Array(length)])
}
const cut = (bytes: Uint8Array, size: number): readonly Uint8Array[] =>
  Array.from({ length: Math.ceil(bytes.length / size) }, (_, at) => bytes.subarray(at * size, at * size + size))

describe('the frame guard', () => {
  test.each([
    ['a CONNECT within the limit', [frame(1, 200)], true],
    ['one byte more', [frame(1, 201)], false],
    ['a header that claims 256 MB', [Uint8Array.from([0x10, 0xff, 0xff, 0xff, 0x7f])], false],
    ['a length of five bytes', [Uint8Array.from([0x10, 0x80, 0x80, 0x80, 0x80, 0x01])], false],
    ['no MQTT at all: type 0', [Uint8Array.from([0x00, 0x00])], false],
    ['type 15', [Uint8Array.from([0xf0, 0x00])], false],
    ['an empty frame', [frame(12, 0), frame(12, 0)], true],
  ])('%s', (_story, frames, passes) => {
    const guard = openFrameGuard(LIMITS)
    expect(frames.every((bytes) => guard.passes(bytes))).toBe(passes)
  })

  test('cuts anywhere change nothing, and the larger limit holds once admitted', () => {
    for (const size of [1, 2, 3, 7, 64, 100_000]) {
      const guard = openFrameGuard(LIMITS)
      expect(cut(frame(1, 150), size).every(guard.passes)).toBe(true)
      guard.admit()
      const later = Uint8Array.from([...frame(3, 20_000), ...frame(12, 0), ...frame(3, 129)])
      expect(cut(later, size).every(guard.passes)).toBe(true)
      expect(cut(frame(3, 20_001), size).every(guard.passes)).toBe(false)
    }
  })
})
