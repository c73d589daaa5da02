import { bytesOfHex } from '@lotkeeper/protocol/bytes.ts'
import { describe, expect, it } from 'vitest'
import type { ScannerProfile } from './kind.ts'
import type { ScannerKindName } from './kinds.ts'
import { createScanPlayer } from './play.ts'

const play = (kind: ScannerKindName, hexes: readonly string[], profile: Partial<ScannerProfile> = {}): readonly object[] => {
  const player = createScanPlayer(kind, profile)
  const said = hexes.flatMap((hex, t) => (hex === '' ? player.gap() : player.take(bytesOfHex(hex) ?? new Uint8Array(0), t)))
  return [...said, ...player.end()]
}
const hexOfText = (text: string): string => Buffer.from(text).toString('hex')

describe('recordings of scanners', () => {
  it('a line is a scan', () => {
    expect(play('line', [hexOfText(']d2010690'), hexOfText('1234567892\r')])).toEqual([
      {
        scan: {
          ...{ t: 1, text: ']d201069' + '01234567892', aim: ']d2', payload: '0106901234567892', symbology: 'DM' },
          ...{ leadingSeparator: false, notices: [] },
        },
      },
    ])
  })

  it('half a line before a silence is rejected', () => {
    expect(play('line', [hexOfText(']d201'), '', hexOfText('B1\r')])).toMatchObject([
      { reason: 'unterminated' },
      { scan: { payload: 'B1' } },
    ])
  })

  it("a maker's parts are taken off", () => {
    expect(play('newland', [hexOfText('d6901234567892|\r')], { codeId: true, suffix: '|' })).toMatchObject([{ scan: { aim: ']E0' } }])
  })

  it('packets of both sides are told, a scan once, a bad one rejected', () => {
    const scan = '07F30000034231FE90'
    const said = play('ssi', ['04E40400FF14', scan, '04D00400FF28', '07F30001034231FE8F', '07F30000034331FE90'])
    expect(said).toMatchObject([
      { decoded: { name: 'START_SESSION' } },
      { frame: scan, decoded: { name: 'DECODE_DATA', codeType: '03', payload: 'B1' } },
      { scan: { t: 1, text: ']C0B1' } },
      { decoded: { name: 'CMD_ACK' } },
      { decoded: { retransmit: true } },
      { repeat: { t: 3 } },
      { reject: '07F30000034331FE90', reason: 'checksum' },
    ])
  })
})
