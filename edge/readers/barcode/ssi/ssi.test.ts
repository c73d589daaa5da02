import { bytesOfHex, hexOf } from '@lotkeeper/protocol/bytes.ts'
import { describe, expect, it } from 'vitest'
import { type Heard, PLAIN_PROFILE, type ScannerAsk } from '../kind.ts'
import { ssiCodeType, ssiSymbology } from './code-types.ts'
import { decodedSsi } from './decoded.ts'
import { createSsiEar } from './ear.ts'
import { hostFrame, MORE_PACKETS, RESENT, writeSsi } from './frames.ts'
import { isSsiAnswer, SSI, SSI_PROBE } from './kind.ts'
import { opcodeOf } from './opcodes.ts'

const ascii = (text: string): readonly number[] => Array.from(text, (letter) => letter.charCodeAt(0))
const scanFrame = (type: number, text: string, status = 0): Uint8Array =>
  writeSsi({ opcode: 0xf3, source: 0, status, body: Uint8Array.from([type, ...ascii(text)]) })
const shown = (heard: readonly Heard[]): readonly string[] =>
  heard.map((one) => {
    if (one.kind === 'scan') return [one.text, ...one.notices].join(' ')
    if (one.kind === 'garbage') return `garbage ${one.reason}`
    return one.kind === 'reply' ? hexOf(one.bytes) : one.kind
  })
const play = (...frames: readonly Uint8Array[]): readonly string[] => {
  const ear = createSsiEar(PLAIN_PROFILE)
  return shown([...frames.flatMap((frame) => ear.take(frame)), ...ear.gap(), ...ear.gap()])
}
const sent = (asks: readonly ScannerAsk[]): readonly string[] => asks.map(({ bytes }) => hexOf(bytes))
const ACK = '04D00400FF28'
const NAK = '05D1040001FF25'
const GS1 = '01069012345678921728083110B250901\x1d21SN1'
const spoilt = (frame: Uint8Array): Uint8Array => frame.map((byte, at) => (at === 9 ? byte ^ 1 : byte))

describe('a scanner that sends packets', () => {
  it.each([
    ['AIM id inside', 0x1b, `]d2${GS1}`, `]d2${GS1}`],
    ['AIM id and a line end inside', 0x1b, `]d2${GS1}\r\n`, `]d2${GS1}`],
    ['AIM id and leading GS', 0x1b, `]d2\x1d${GS1}`, `]d2${GS1}`],
    ['DataMatrix without AIM id, leading GS', 0x1b, `\x1d${GS1}`, `]d2${GS1}`],
    ['DataMatrix of which nobody knows', 0x1b, GS1, GS1],
    ['GS1 DataMatrix by its type', 0xc1, GS1, `]d2${GS1}`],
    ['GS1-128 by its type', 0x0f, GS1, `]C1${GS1}`],
    ['EAN-13', 0x0b, '6901234567892', ']E06901234567892'],
    ['UPC-A', 0x08, '036000291452', ']E00036000291452'],
    ['UPC-E', 0x09, '04252614', ']E00042100005264'],
    ['ITF-14', 0x06, '16901234567899', ']I116901234567899'],
    ['ITF with a wrong check digit', 0x06, '16901234567890', ']I016901234567890'],
    ['a type nobody knows', 0x7f, 'abc', 'abc scanner.type-unknown'],
  ])('%s', (_, type, text, expected) => {
    expect(play(scanFrame(type, text))).toEqual([ACK, expected])
  })

  it('a packet that is wrong is asked for again, and what comes again is taken', () => {
    const said = play(spoilt(scanFrame(0x1b, 'A1234567')), scanFrame(0x1b, 'A1234567', RESENT))
    expect(said.filter((one) => !one.startsWith('garbage'))).toEqual([NAK, ACK, 'A1234567'])
    expect(said[0]).toBe('garbage checksum')
  })

  it('a packet sent again because our answer was lost is acknowledged and told once', () => {
    expect(play(scanFrame(3, 'A1'), scanFrame(3, 'A1', RESENT), scanFrame(3, 'A1', RESENT))).toEqual([
      ACK,
      ']C0A1',
      ACK,
      'repeat',
      ACK,
      'repeat',
    ])
  })

  it('the same label scanned twice is two scans, also when the second is heard at its second sending', () => {
    const twice = [ACK, ']C0A1234567', ACK, ']C0A1234567']
    expect(play(scanFrame(3, 'A1234567'), scanFrame(3, 'A1234567'))).toEqual(twice)
    const lost = play(scanFrame(3, 'A1234567'), spoilt(scanFrame(3, 'A1234567')), scanFrame(3, 'A1234567', RESENT))
    expect(lost.filter((one) => one.startsWith(']'))).toHaveLength(2)
  })

  it.each([
    ['the type in each packet', '\x1b'],
    ['the type in the first only', ''],
  ])('a message in three packets, %s', (_, type) => {
    const part = (text: string, status: number) =>
      writeSsi({ opcode: 0xf3, source: 0, status, body: Uint8Array.from(ascii(`${type}${text}`)) })
    const frames = [scanFrame(0x1b, ']Q1abc', MORE_PACKETS), part('def', MORE_PACKETS), part('def', MORE_PACKETS | RESENT), part('g', 0)]
    expect(play(...frames)).toEqual([ACK, ACK, ACK, 'repeat', ACK, ']Q1abcdefg'])
  })

  it('a message whose end never comes is no head of the next', () => {
    const ear = createSsiEar(PLAIN_PROFILE)
    ear.take(scanFrame(0x1b, ']Q1abc', MORE_PACKETS))
    expect([ear.waiting() > 0, ear.gapMs()]).toEqual([true, 5_000])
    expect(shown([...ear.gap(), ...ear.take(scanFrame(3, 'A'))])).toEqual(['garbage unterminated', ACK, ']C0A'])
  })

  it('a message above the longest code is garbage', () => {
    const ear = createSsiEar({ ...PLAIN_PROFILE, bytesMax: 300 })
    const part = scanFrame(0x1b, 'x'.repeat(200), MORE_PACKETS)
    expect(shown([...ear.take(part), ...ear.take(part)]).at(-1)).toBe('garbage too-long')
  })

  it('a long packet has its length in two bytes', () => {
    const text = 'x'.repeat(600)
    const packet = [0xff, 0xf4, 0, 0, 0xf4, 0, 0, 0x1c, ...ascii(`]Q1${text}`)]
    packet.splice(2, 2, packet.length >> 8, packet.length & 0xff)
    const check = -packet.reduce((sum, byte) => sum + byte, 0) & 0xffff
    expect(play(Uint8Array.from([...packet, check >> 8, check & 0xff]))).toEqual([ACK, `]Q1${text}`])
  })

  it('events are acknowledged, noise between packets is told, wake bytes are nothing', () => {
    const event = writeSsi({ opcode: 0xf6, source: 0, status: 0, body: Uint8Array.of(3) })
    expect(play(event)).toEqual([ACK, 'told'])
    expect(play(Uint8Array.of(0, 0), scanFrame(3, 'A'))).toEqual([ACK, ']C0A'])
    expect(play(Uint8Array.of(1, 2), scanFrame(3, 'A'))).toEqual(['garbage no-frame', ACK, ']C0A'])
  })

  it('half a packet is asked for again', () => {
    expect(play(scanFrame(3, 'A1234567').subarray(0, 8))).toContain(NAK)
  })

  it('Chinese text comes as UTF-8, or as GB 18030 where it was set', () => {
    const gb = Uint8Array.from([0x1c, 0xc9, 0xb4, 0xb2, 0xbc])
    const frame = writeSsi({ opcode: 0xf3, source: 0, status: 0, body: gb })
    expect(play(frame)).toEqual([ACK, 'garbage not-utf8'])
    expect(shown(createSsiEar({ ...PLAIN_PROFILE, coding: 'gb18030' }).take(frame))).toEqual([ACK, '纱布'])
  })
})

describe('packets in words', () => {
  it.each([
    ['04E40400FF14', { name: 'START_SESSION', source: 'host', retransmit: false }],
    ['04D00000FF2C', { name: 'CMD_ACK', source: 'decoder' }],
    [NAK, { name: 'CMD_NAK', cause: 1, meaning: 'resend' }],
    ['07C60400FF8A08FD9E', { name: 'PARAM_SEND', beep: 255, params: [{ number: 0x8a, value: 8 }] }],
    ['05E7040001FF0F', { name: 'LED_ON', leds: 1 }],
    [hexOf(scanFrame(0x1b, `]d2${GS1}`)), { name: 'DECODE_DATA', codeType: '1B', symbology: 'datamatrix', aim: ']d2', payload: GS1 }],
    [hexOf(hostFrame('PARAM_SEND', [255, 0xf0, 0x10, 1])), { params: [{ number: 0x110, value: 1 }] }],
    [hexOf(hostFrame('PARAM_SEND', [255, 0x10])), { hex: 'FF10' }],
  ])('%s', (hex, expected) => {
    expect(decodedSsi(bytesOfHex(hex) ?? new Uint8Array(0))).toMatchObject(expected)
  })

  it('good and refused scans sound different', () => {
    expect(sent(SSI.acknowledge(true))[0]).toBe('05E7040001FF0F')
    expect(sent(SSI.acknowledge(false))).not.toEqual(sent(SSI.acknowledge(true)))
  })

  it('detection knows an answer from a scan', () => {
    expect(hexOf(SSI_PROBE)).toBe('04A30400FF55')
    const reply = writeSsi({ opcode: opcodeOf('REPLY_REVISION'), source: 0, status: 0, body: Uint8Array.from(ascii('V1')) })
    expect([isSsiAnswer(reply), isSsiAnswer(SSI_PROBE), isSsiAnswer(scanFrame(3, 'A'))]).toEqual([true, false, false])
  })

  it('each kind of symbol that can be written is read back', () => {
    for (const name of ['ean-13', 'qr', 'gs1-128', 'datamatrix'] as const) expect(ssiSymbology(ssiCodeType(name))).toBe(name)
  })
})
