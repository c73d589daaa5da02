import { bytesOfHex } from '@lotkeeper/protocol/bytes.ts'
import { expect, it } from 'vitest'
import { crc8408, crcThingMagic, crcXmodem } from './crc.ts'

const bytes = (hex: string): Uint8Array => bytesOfHex(hex) ?? new Uint8Array(0)

it.each([
  ['8408', crc8408, '313233343536373839', 0x6f91],
  ['8408, a UHF288 frame with its CRC', crc8408, '04FF211995', 0],
  ['8408, a CF frame', crc8408, 'CFFF007000', 0x2415],
  ['XMODEM', crcXmodem, '313233343536373839', 0x31c3],
  ['XMODEM, a 5A frame', crcXmodem, '000102000000', 0x4739],
  ['ThingMagic', crcThingMagic, '313233343536373839', 0xa69d],
  ['ThingMagic, a frame', crcThingMagic, '0003', 0x1d0c],
] as const)('%s', (_, crc, hex, expected) => {
  const framed = bytes(`FF${hex}FF`)
  expect(crc(framed, 1, framed.length - 1)).toBe(expected)
})
