import { lstat, mkdtemp, readlink, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openScanner, type Scan } from '@lotkeeper/edge/readers/barcode/scanner.ts'
import type { Told } from '@lotkeeper/edge/readers/told.ts'
import { openReader } from '@lotkeeper/edge/readers/uhf/reader.ts'
import type { Gap } from '@lotkeeper/edge/serial/gap.ts'
import { openPort } from '@lotkeeper/edge/serial/port.ts'
import { bytesOfHex, hexOf } from '@lotkeeper/protocol/bytes.ts'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { freePort } from '../county/ports.ts'
import type { Wire } from './line.ts'
import { openWire } from './line-open.ts'
import type { Tagged } from './modules/module.ts'
import { openPtyWire } from './pty.ts'
import { simulateReader } from './reader.ts'
import { simulateScanner } from './scanner.ts'
import { openTcpWire } from './tcp.ts'

/** Everything here is real: the kernel's pseudo-terminals, package serialport, TCP on this machine, the system's clock. */
const parts = {
  clock: { now: Date.now, monotonic: () => performance.now() },
  timers: {
    after: (ms: number, run: () => void) => {
      const timer = setTimeout(run, ms)
      return () => clearTimeout(timer)
    },
  },
  random: { fraction: Math.random },
  openPort,
}
const BOX: Tagged = { epc: bytesOfHex('3074257BF7194E4000001A85') ?? new Uint8Array(0), rssiDbm: -47 }
/** More than the buffers of a terminal hold, and little enough for a machine ten times slower: a write is given two seconds. */
const MUCH_BYTES = 100_000
const EVERY_BYTE = Uint8Array.from({ length: 256 }, (_, byte) => byte)

let folder = ''
const closing: (() => Promise<void>)[] = []
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'wire-'))
})
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
  await rm(folder, { recursive: true })
})
const until = async (what: string, done: () => boolean): Promise<void> => {
  for (let waited = 0; !done(); waited += 10) {
    if (waited > 15_000) throw new Error(`waited 15 s for: ${what}`)
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}
const KINDS: readonly (readonly [string, () => Promise<Wire>])[] = [
  ['pseudo-terminal', () => openPtyWire({ folder, name: 'door' })],
  // While it is unplugged, none of the connections that go out may be given its port.
  ['TCP serial server', async () => openTcpWire({ port: await freePort() })],
]
const wired = async (open: () => Promise<Wire>): Promise<Wire> => {
  const wire = await open()
  closing.push(wire.close)
  return wire
}
const opened = async (wire: Wire, lost: (why: string) => void = () => {}) => {
  const heard: number[] = []
  const port = await openPort(wire.address, { baud: 115_200 }, { chunk: (bytes) => void heard.push(...bytes), lost })
  closing.push(port.close)
  return { port, heard }
}

/** Opened, and heard: a server on the network knows of who comes and goes a moment later, and turns away whoever comes before it knows. */
const met = async (wire: Wire) => {
  let isMet = false
  wire.onBytes(() => {
    isMet = true
  })
  for (;;) {
    let isTurnedAway = false
    const { port, heard } = await opened(wire, () => {
      isTurnedAway = true
    })
    await port.write(Uint8Array.of(0)).catch(() => {})
    await until('the device hears the node, or turns it away', () => isMet || isTurnedAway)
    if (isMet) return heard
  }
}

describe.each(KINDS)('a wire of kind %s', (_, open) => {
  it('carries every byte value both ways, unchanged', async () => {
    const wire = await wired(open)
    const came: number[] = []
    wire.onBytes((bytes) => void came.push(...bytes))
    const { port, heard } = await opened(wire)
    await port.write(EVERY_BYTE)
    await until('the device hears', () => came.length === 256)
    wire.send(EVERY_BYTE)
    await until('the node hears', () => heard.length === 256)
    expect([hexOf(Uint8Array.from(came)), hexOf(Uint8Array.from(heard))]).toEqual([hexOf(EVERY_BYTE), hexOf(EVERY_BYTE)])
  })

  it('takes more at once than any buffer holds, and two writes one after another', async () => {
    const wire = await wired(open)
    const came: Uint8Array[] = []
    wire.onBytes((bytes) => void came.push(Uint8Array.from(bytes)))
    const { port } = await opened(wire)
    const much = Uint8Array.from({ length: MUCH_BYTES }, (_, at) => at % 251)
    await Promise.all([port.write(much), port.write(Uint8Array.of(255))])
    const all = () => Buffer.concat(came)
    await until('the device hears it all', () => all().length === much.length + 1)
    expect(all().equals(Buffer.concat([much, Uint8Array.of(255)]))).toBe(true)
  })

  it('leaves the node in peace between two frames, also after a write that had to wait for room', async () => {
    const wire = await wired(open)
    const { port, heard } = await opened(wire)
    await port.write(new Uint8Array(MUCH_BYTES))
    const streaming = setInterval(() => wire.send(new Uint8Array(20)), 5)
    closing.push(async () => clearInterval(streaming))
    await until('frames', () => heard.length > 200)
    const before = performance.nodeTiming.uvMetricsInfo.loopCount
    await new Promise((resolve) => setTimeout(resolve, 1_000))
    // Both ends of the wire are here: some hundred turns a second; a poller that is never still makes tens of thousands.
    expect(performance.nodeTiming.uvMetricsInfo.loopCount - before).toBeLessThan(4_000)
  })

  it('outlives the node: what was sent to nobody is not heard later, and it opens again', async () => {
    const wire = await wired(open)
    const first = await opened(wire)
    await first.port.close()
    for (let sent = 0; sent < 100; sent += 1) wire.send(new Uint8Array(1_000).fill(0xbb))
    await new Promise((resolve) => setTimeout(resolve, 50))
    const heard = await met(wire)
    wire.send(Uint8Array.of(1, 2, 3))
    await until('the new bytes', () => heard.slice(-3).join() === '1,2,3')
    expect(heard).toEqual([1, 2, 3])
  })

  it('unplugged: the node loses the port once and cannot open it; replugged: it opens at the same address', async () => {
    const wire = await wired(open)
    const lost: string[] = []
    const { address } = wire
    await opened(wire, (why) => void lost.push(why))
    await wire.unplug()
    await until('the loss', () => lost.length > 0)
    await expect(openPort(address, { baud: 115_200 }, { chunk: () => {}, lost: () => {} })).rejects.toMatchObject({
      code: 'serial.open-failed',
    })
    await wire.replug()
    expect(wire.address).toBe(address)
    const heard = await met(wire)
    wire.send(Uint8Array.of(7))
    await until('a byte through the new wire', () => heard.length === 1)
    expect(lost).toHaveLength(1)
  })

  it('a reader on it reads, loses its cable, records the gap, and reads again', async () => {
    const wire = await wired(open)
    const field: Tagged[] = [BOX]
    const told: Told[] = []
    const gaps: Gap[] = []
    const module = simulateReader(wire, parts, { field: () => field })
    const reader = openReader(
      parts,
      { id: 'door-in', address: wire.address, family: 'bb7e', region: 'CN900', powerDbm: 26, session: 0, ports: [1] },
      { told: (read) => told.push(read), gap: (gap) => gaps.push(gap), state: () => {}, noise: () => {} },
    )
    closing.push(reader.close)
    await until('reads', () => told.length > 40)
    expect(reader.state()).toMatchObject({
      phase: 'reading',
      version: 'M100 26dBm V1.0',
      powerDbm: 26,
      troubles: [],
      counters: { noiseBytes: 0, tagCrcFailures: 0 },
    })
    const unpluggedAt = Date.now()
    await module.unplug()
    const pulledAt = Date.now()
    await until('the loss', () => reader.state().phase === 'lost')
    const before = told.length
    await module.replug()
    await until('reads again', () => told.length > before + 10)
    expect(gaps.map(({ device, to }) => [device, to === null])).toEqual([
      ['door-in', true],
      ['door-in', false],
    ])
    const [begun, ended] = gaps
    expect(begun?.from).toBeGreaterThan(unpluggedAt - 1_500)
    expect(begun?.from).toBeLessThan(pulledAt + 5_000)
    expect(ended?.to).toBeGreaterThan(begun?.from ?? 0)
    expect(told.slice(0, before).every(({ at }) => at <= (ended?.to ?? 0))).toBe(true)
  })

  it('a scanner on it keeps its text whole, however it is cut', async () => {
    const wire = await wired(open)
    const scans: Scan[] = []
    const states: boolean[] = []
    const device = simulateScanner(wire)
    const scanner = openScanner(
      parts,
      { id: 'table', address: wire.address, baud: 9_600 },
      { scan: (scan) => scans.push(scan), garbage: () => {}, state: ({ connected }) => states.push(connected), gap: () => {} },
    )
    closing.push(scanner.close)
    await until('the port', () => scanner.state().connected)
    const text = '01069012345678921728083110B250901\x1d21SN1'
    device.scan(text)
    for (const letter of `]C1${text}`) {
      device.noise(Buffer.from(letter))
      await new Promise((resolve) => setTimeout(resolve, 2))
    }
    device.noise(Uint8Array.of(0x0d))
    await until('two scans', () => scans.length === 2)
    expect(scans.map((scan) => scan.text)).toEqual([`]d2${text}`, `]C1${text}`])
    device.noise(Buffer.from(`]d2${text.slice(0, 9)}`))
    await new Promise((resolve) => setTimeout(resolve, 200))
    device.noise(Buffer.from(`${text.slice(9)}\r`))
    // As while a slow disk is written to: what comes meanwhile lies in the system, and the scan is no half one.
    for (const end = performance.now() + 1_300; performance.now() < end; );
    await until('a scan whose second half was heard late', () => scans.length === 3)
    expect(scans.at(-1)?.text).toBe(`]d2${text}`)
    await device.unplug()
    await until('the loss', () => !scanner.state().connected)
    await device.replug()
    await until('the return', () => scanner.state().connected)
    device.scan('96385074', 'ean-8')
    await until('a scan after the return', () => scans.length === 4)
    expect(scanner.state().counters).toEqual({ scans: 4, garbage: 0, garbageBytes: 0 })
  })
})

describe('what a wire leaves behind', () => {
  it('a pseudo-terminal leaves neither link nor process', async () => {
    const wire = await openPtyWire({ folder, name: 'door' })
    const slave = await readlink(wire.address)
    expect(slave).toMatch(/^\/dev\/pts\/\d+$/)
    // Whoever opens a terminal next is given the same number, but another time.
    const madeAt = () =>
      lstat(slave).then(
        ({ ctimeMs }) => ctimeMs,
        () => null,
      )
    const ours = await madeAt()
    await wire.close()
    await wire.close()
    await expect(lstat(wire.address)).rejects.toMatchObject({ code: 'ENOENT' })
    expect(await madeAt()).not.toBe(ours)
  })

  it('a TCP server turns a second client away', async () => {
    const wire = await wired(() => openTcpWire())
    await opened(wire)
    const lost: string[] = []
    await opened(wire, (why) => void lost.push(why))
    await until('being turned away', () => lost.length === 1)
  })

  it('where there is no pseudo-terminal, TCP serves, and it is said why', async () => {
    await writeFile(join(folder, 'file'), '')
    const { wire, fellBack } = await openWire({ folder: join(folder, 'file'), name: 'door' })
    closing.push(wire.close)
    expect(wire.address).toMatch(/^tcp:\/\/127\.0\.0\.1:\d+$/)
    expect(fellBack).toContain('EEXIST')
    const first = await openWire({ folder, name: 'door' })
    closing.push(first.wire.close)
    expect(first).toMatchObject({ wire: { address: join(folder, 'door') }, fellBack: null })
  })
})
