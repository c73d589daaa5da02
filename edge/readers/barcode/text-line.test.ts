import { bytesOfHex, hexOf } from '@lotkeeper/protocol/bytes.ts'
import { describe, expect, it } from 'vitest'
import { createTextLine, type Piece, type TextLineOptions } from './text-line.ts'

const ANY: TextLineOptions = { terminator: 'any', bytesMax: 64, coding: 'utf-8' }
const ascii = (text: string): Uint8Array => Uint8Array.from(text, (letter) => letter.charCodeAt(0))
const shown = (pieces: readonly Piece[]) =>
  pieces.map((piece) => (piece.kind === 'scan' ? piece.text : `${piece.reason} ${hexOf(piece.bytes)}`))
const play = (options: TextLineOptions, ...chunks: readonly (string | Uint8Array)[]) => {
  const line = createTextLine(options)
  return [...chunks.flatMap((chunk) => shown(line.take(typeof chunk === 'string' ? ascii(chunk) : chunk))), ...shown(line.gap())]
}

describe('scans of the vectors', () => {
  it.each([
    [
      'AIM + CR',
      ANY,
      '5D64323031303639303132333435363738393231373238303833313130423235303930311D3231534E310D',
      ']d201069012345678921728083110B250901\x1d21SN1',
    ],
    [
      'AIM + CRLF',
      ANY,
      '5D43313031303639303132333435363738393231373238303833313130423235303930311D3231534E310D0A',
      ']C101069012345678921728083110B250901\x1d21SN1',
    ],
    [
      'STX ... ETX CR LF',
      ANY,
      '025D51333031303639303132333435363738393231373238303833313130423235303930311D3231534E31030D0A',
      ']Q301069012345678921728083110B250901\x1d21SN1',
    ],
    [
      'no AIM, leading GS',
      ANY,
      '1D3031303639303132333435363738393231373238303833313130423235303930311D3231534E310D',
      '\x1d01069012345678921728083110B250901\x1d21SN1',
    ],
    ['ITF-14', ANY, '5D493131363930313233343536373839390D', ']I116901234567899'],
  ])('%s, whole and byte by byte', (_, options, hex, text) => {
    const bytes = bytesOfHex(hex) ?? new Uint8Array(0)
    expect(play(options, bytes)).toEqual([text])
    expect(play(options, ...Array.from(bytes, (byte) => Uint8Array.of(byte)))).toEqual([text])
  })
})

describe('terminators', () => {
  it.each([
    ['any', 'a\rb\nc\r\nd\r', ['a', 'b', 'c', 'd']],
    ['CR', 'a\rb\r\nc\r', ['a', 'b', 'c']],
    ['CR', 'a\nb\r', ['control-characters 610A62']],
    ['LF', 'a\nb\r\n', ['a', 'b']],
    ['CRLF', 'a\r\nb\r\n', ['a', 'b']],
    ['CRLF', 'a\rb\r\n', ['control-characters 610D62']],
    ['any', '\r\n\r\n', []],
  ] as const)('%s in %j', (terminator, sent, expected) => {
    expect(play({ ...ANY, terminator }, sent)).toEqual(expected)
  })
})

describe('garbage is told with its bytes', () => {
  it.each([
    ['control characters', ['a\x00b\r'], ['control-characters 610062']],
    ['bytes that are no UTF-8', ['a\xffb\r'], ['not-utf8 61FF62']],
    ['a scan without end', ['abc'], ['unterminated 616263']],
    [
      'more than a code can hold, up to its end',
      [`${'x'.repeat(70)}\rok\r`],
      [`too-long ${'78'.repeat(65)}`, `too-long ${'78'.repeat(5)}`, 'ok'],
    ],
  ])('%s', (_, chunks, expected) => {
    expect(play(ANY, ...chunks)).toEqual(expected)
  })

  it('text of other languages is text', () => {
    expect(play(ANY, new TextEncoder().encode(']Q1纱布\r'))).toEqual([']Q1纱布'])
  })
})
