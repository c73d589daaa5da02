import { describe, expect, it } from 'vitest'
import { bits, counted, i8, layout, many, named, optional, rest, scaled, sized, text, u8, u16, u24, u32 } from './layout.ts'

const all = layout([
  ['byte', u8],
  ['signed', i8],
  ['word', u16],
  ['three', u24],
  ['long', u32],
  ['dbm', scaled(u16, 100)],
  ['baud', scaled(u16, 0.01)],
  ['mode', named({ 0: 'off', 255: 'on' })],
  [
    'flags',
    bits([
      ['high', 3],
      ['_', 3],
      ['low', 2],
    ]),
  ],
  ['list', counted(u16)],
  ['count', u8],
  ['body', sized('count', (count) => count)],
  ['tail', rest],
])
const VALUES = {
  byte: 200,
  signed: -55,
  word: 0xbeef,
  three: 0x010203,
  long: 0xfffffffe,
  dbm: 26.5,
  baud: 115_200,
  mode: 'on',
  flags: { high: 5, low: 2 },
  list: [1, 513],
  count: 2,
  body: Uint8Array.of(9, 8),
  tail: Uint8Array.of(7),
} as const
const BYTES = Uint8Array.from([
  200, 0xc9, 0xbe, 0xef, 1, 2, 3, 0xff, 0xff, 0xff, 0xfe, 0x0a, 0x5a, 0x04, 0x80, 0xff, 0b10100010, 2, 0, 1, 2, 1, 2, 9, 8, 7,
])

describe('a layout', () => {
  it('writes what it reads and reads what it writes', () => {
    expect(all.write(VALUES)).toEqual(BYTES)
    expect(all.read(BYTES)).toEqual(VALUES)
  })

  it('is not there when a byte is missing, wherever it is cut', () => {
    // The last byte belongs to `rest`, which may be empty.
    for (let end = 0; end < BYTES.length - 1; end += 1) expect(all.read(BYTES.subarray(0, end)), `${end}`).toBeNull()
  })

  it('is not there when a byte is left over', () => {
    expect(layout([['byte', u8]]).read(Uint8Array.of(1, 2))).toBeNull()
  })

  it('keeps a code without a name', () => {
    const one = layout([['mode', named({ 0: 'off' })]])
    expect(one.read(Uint8Array.of(0x2a))).toEqual({ mode: '0x2a' })
    expect(one.write({ mode: '0x2a' })).toEqual(Uint8Array.of(0x2a))
  })

  it.each([
    [Uint8Array.of(1), { first: 1, pair: null }],
    [Uint8Array.of(1, 2, 3), { first: 1, pair: { a: 2, b: 3 } }],
    [Uint8Array.of(1, 2), null],
  ])('rows that stand together or not at all: %s', (bytes, expected) => {
    const one = layout([
      ['first', u8],
      [
        'pair',
        optional([
          ['a', u8],
          ['b', u8],
        ]),
      ],
    ])
    expect(one.read(bytes)).toEqual(expected)
    if (expected !== null) expect(one.write(expected)).toEqual(bytes)
  })

  it('reads lists to the end, and texts byte for byte', () => {
    const list = layout([['dbm', many(i8)]])
    expect(list.read(Uint8Array.of(0xba, 0))).toEqual({ dbm: [-70, 0] })
    expect(list.write({ dbm: [-70, 0] })).toEqual(Uint8Array.of(0xba, 0))
    expect(layout([['words', many(u16)]]).read(Uint8Array.of(1, 2, 3))).toBeNull()
    expect(layout([['text', text]]).read(Uint8Array.of(0x4d, 0xff))).toEqual({ text: 'M\xff' })
    expect(layout([['text', text]]).write({ text: 'M\xff' })).toEqual(Uint8Array.of(0x4d, 0xff))
  })

  it('does not hold when a counted length would be negative', () => {
    const one = layout([
      ['count', u8],
      ['body', sized('count', (count) => count - 2)],
    ])
    expect(one.read(Uint8Array.of(1))).toBeNull()
  })
})
