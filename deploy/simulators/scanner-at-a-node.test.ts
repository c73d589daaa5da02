import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { makeSigningKey, openSigner } from '@lotkeeper/edge/crypto.ts'
import { openDatabase } from '@lotkeeper/edge/database.ts'
import { HEALTH_SHAPE } from '@lotkeeper/edge/devices/store.ts'
import { openEdge } from '@lotkeeper/edge/flow.ts'
import { crypto, NODE, openRandom } from '@lotkeeper/edge/ledger/fixtures/bench.ts'
import { RING_SHAPE } from '@lotkeeper/edge/ledger/ring.ts'
import { LEDGER_SHAPE } from '@lotkeeper/edge/ledger/schema.ts'
import { SILENT } from '@lotkeeper/edge/log.ts'
import { HOST, readSsi, SSI_FRAMING } from '@lotkeeper/edge/readers/barcode/ssi/frames.ts'
import { opcodeOf } from '@lotkeeper/edge/readers/barcode/ssi/opcodes.ts'
import { createFramer } from '@lotkeeper/edge/serial/framing.ts'
import { openPort } from '@lotkeeper/edge/serial/port.ts'
import { checkDigitOf } from '@lotkeeper/protocol/codes/check-digit.ts'
import { afterEach, expect, test, vi } from 'vitest'
import { openWire } from './line-open.ts'
import { REAL_PARTS } from './real-parts.ts'
import { simulateSsiScanner } from './scanner-ssi.ts'

const folder = mkdtempSync(join(tmpdir(), 'scanner-node-'))
const closes: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of closes.splice(0).toReversed()) await close()
  rmSync(folder, { recursive: true, force: true })
})

/** A node whose table has one Zebra scanner on a real line; what it tells the scanner is heard on the wire. */
const openTable = async () => {
  const { wire } = await openWire({ folder, name: 'table' })
  const device = simulateSsiScanner(wire, REAL_PARTS, { answerMs: PATIENT_MS })
  const framer = createFramer(SSI_FRAMING)
  const signals: string[] = []
  wire.onBytes((bytes) => {
    for (const piece of framer.take(bytes)) {
      const { source, opcode, body } = readSsi(piece.bytes)
      const name = SIGNALS.find((one) => opcodeOf(one) === opcode)
      if (piece.kind === 'frame' && source === HOST && name !== undefined) signals.push(`${name} ${body[0]}`)
    }
  })
  const memory = { synchronous: 'NORMAL', walPages: 0 } as const
  const stores = {
    ledger: openDatabase(':memory:', LEDGER_SHAPE, memory),
    ring: openDatabase(':memory:', RING_SHAPE, memory),
    health: openDatabase(':memory:', HEALTH_SHAPE, memory),
    credentials: null,
  }
  const table = { device: 'table', kind: 'scanner', address: wire.address, baud: 9_600, protocol: 'ssi', configure: true } as const
  const node = openEdge(
    {
      ...{
        home: '-',
        node: NODE,
        country: 'CN',
        zone: 'Asia/Shanghai',
        broker: null,
        brokers: [],
        keepers: [],
        idleMinutes: 15,
        doors: [],
        devices: [table],
      },
      ...{ httpHost: '-', httpPort: 0, httpsHost: '-', httpsPort: 0, names: [], pages: '-', ringMbMax: 8, ringDays: 1 },
      ...{ databaseMbMax: null, deviceLostSeconds: 30, logLevel: 'error' },
    },
    {
      ...{ ...REAL_PARTS, crypto, random: openRandom(), software: 'test', log: SILENT, openPort },
      signer: openSigner(crypto, makeSigningKey()),
      boot: { id: 'boot-1', upMs: REAL_PARTS.clock.monotonic },
      openLink: () => ({ publish: () => Promise.resolve(), close: async () => {} }),
    },
    stores,
  )
  closes.push(device.close, node.close)
  await vi.waitFor(() => expect(device.state().params.get(AIM_IDS)).toBe(1), WAIT)
  await vi.waitFor(() => expect(node.devices.rows()).toMatchObject([{ state: 'connected', troubles: [] }]), WAIT)
  return { node, device, signals }
}
const SIGNALS = ['BEEP', 'LED_ON', 'LED_OFF'] as const
const AIM_IDS = 0x2d
const WAIT = { timeout: 15_000, interval: 20 }
/** Longer than a busy machine stands still: a packet that comes again was asked for, or not answered. */
const PATIENT_MS = 10_000
const STRANGER = `0690123400999${checkDigitOf('0690123400999')}`

test('who scans hears at the table whether the code was read: one high beep and green, or three low ones and none', async () => {
  const { node, device, signals } = await openTable()
  device.scan('10B250901')
  await vi.waitFor(() => expect(signals).toEqual(['LED_ON 1', 'BEEP 0']), WAIT)
  expect(node.stockroom.scans()).toMatchObject([{ scan: ']d210B250901', refused: null }])
  device.scan(`01${STRANGER}`)
  await vi.waitFor(() => expect(signals.slice(2)).toEqual(['LED_OFF 1', 'BEEP 7']), WAIT)
  expect(node.stockroom.scans()[0]?.refused?.code).toBe('stockroom.item-unknown')
  // A misread symbol, and the next good one: each has its own answer.
  device.scan(`01${STRANGER.slice(0, -1)}${(Number(STRANGER.at(-1)) + 1) % 10}`)
  await vi.waitFor(() => expect(signals.slice(4)).toEqual(['LED_OFF 1', 'BEEP 7']), WAIT)
  device.scan('10B250902')
  await vi.waitFor(() => expect(signals.slice(6)).toEqual(['LED_ON 1', 'BEEP 0']), WAIT)
  await vi.waitFor(() => expect(device.state()).toMatchObject({ unsent: 0, resends: 0, beeps: 4 }), WAIT)
})
