import { afterEach, describe, expect, it } from 'vitest'
import { simulateScanner } from '../simulators/scanner.ts'
import { openTcpWire } from '../simulators/tcp.ts'
import { main, scannerTrial } from './scanner.ts'

const closing: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of closing.splice(0)) await close()
})
const UDI = '01069012345678921728083110B250901\x1d21SN1'

const tried = async (options: Parameters<typeof simulateScanner>[1], text = UDI) => {
  const wire = await openTcpWire()
  closing.push(wire.close)
  const device = simulateScanner(wire, options)
  const again = setInterval(() => device.scan(text), 50)
  const told = await scannerTrial({ address: wire.address, baud: 9_600, kind: 'line', waitMs: 5_000 })
  clearInterval(again)
  return told
}

describe('a scanner is tried with the test symbol', () => {
  it.each([
    ['set right', {}, true, /设置正确/],
    ['drops GS', { separator: '' }, false, /批号会吞掉/],
    ['sends | for GS', { separator: '|' }, false, /separator: "\|"/],
    ['sends no AIM id', { aim: false }, false, /AIM ID/],
  ])('one that %s', async (_, options, good, says) => {
    const told = await tried(options)
    expect([told.good, told.lines.join('\n')]).toEqual([good, expect.stringMatching(says)])
  })

  it('nothing scanned, and no port', async () => {
    const wire = await openTcpWire()
    closing.push(wire.close)
    const trial = { baud: 9_600, kind: 'line', waitMs: 300 } as const
    expect(await scannerTrial({ ...trial, address: wire.address })).toMatchObject({
      good: false,
      lines: [/没有收到/, '0 B'].map((one) => expect.stringMatching(one)),
    })
    expect(await scannerTrial({ ...trial, address: 'tcp://127.0.0.1:1' })).toMatchObject({
      good: false,
      lines: [expect.stringMatching(/打不开/)],
    })
  })

  it('a word that is no kind is misuse', async () => {
    expect([await main(['/dev/x', '9600', 'laser']), await main([]), await main(['--help'])]).toEqual([2, 2, 0])
  })
})
