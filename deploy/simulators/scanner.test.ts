import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openScanner, type Scan, type ScannerSettings } from '@lotkeeper/edge/readers/barcode/scanner.ts'
import { openPort } from '@lotkeeper/edge/serial/port.ts'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Wire } from './line.ts'
import { openPtyWire } from './pty.ts'
import { simulateScanner } from './scanner.ts'
import { simulateSsiScanner } from './scanner-ssi.ts'
import { openTcpWire } from './tcp.ts'

/** Everything here is real: the kernel's pseudo-terminals, package serialport, TCP on this machine, the system's clock. */
const timers = {
  after: (ms: number, run: () => void) => {
    const timer = setTimeout(run, ms)
    return () => clearTimeout(timer)
  },
}
const parts = { clock: { now: Date.now, monotonic: () => performance.now() }, timers, random: { fraction: Math.random }, openPort }
/** Longer than a busy machine stands still: a packet that comes again was asked for, or not answered. */
const PATIENT_MS = 10_000
const UDI = '01069012345678921728083110B250901\x1d21SN1'

let folder = ''
const closing: (() => Promise<void>)[] = []
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'scanner-'))
})
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
  await rm(folder, { recursive: true })
})
const until = async (what: string, done: () => boolean): Promise<void> => {
  for (let waited = 0; !done(); waited += 5) {
    if (waited > 15_000) throw new Error(`waited 15 s for: ${what}`)
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}
const pty = async (): Promise<Wire> => openPtyWire({ folder, name: 'scanner' })
const wired = async (open: () => Promise<Wire> = pty): Promise<Wire> => {
  const wire = await open()
  closing.push(wire.close)
  return wire
}
const listen = async (wire: Wire, settings: Partial<ScannerSettings>) => {
  const scans: Scan[] = []
  const scanner = openScanner(
    parts,
    { id: 'table', address: wire.address, baud: 115_200, ...settings },
    { scan: (scan) => scans.push(scan), garbage: () => {}, state: () => {}, gap: () => {} },
  )
  closing.push(scanner.close)
  await until('the port', () => scanner.state().connected)
  return { scanner, texts: () => scans.map(({ text }) => text), scans }
}

describe('a Zebra scanner on a wire', () => {
  it.each([
    ['pseudo-terminal', pty],
    ['TCP serial server', () => openTcpWire()],
  ])('on a %s: asleep, woken, set to send AIM ids, heard', async (_, open) => {
    const wire = await wired(open)
    const device = simulateSsiScanner(wire, parts, { sleeps: true, answerMs: PATIENT_MS })
    const { scanner, texts } = await listen(wire, { protocol: 'ssi', configure: true })
    await until('the settings', () => device.state().params.get(0x2d) === 1)
    await until('the version', () => scanner.state().version === 'SIMULATED-SE 01')
    device.scan(UDI)
    device.scan('6901234567892', 'ean-13')
    await until('two scans', () => texts().length === 2)
    expect(texts()).toEqual([`]d2${UDI}`, ']E06901234567892'])
    await until('all acknowledged', () => device.state().unsent === 0)
    expect(scanner.state()).toMatchObject({ troubles: [], counters: { scans: 2, garbage: 0 } })
    expect(device.state()).toMatchObject({ resends: 0, dropped: 0, asleep: false })
    scanner.acknowledge(true)
    await until('the beep', () => device.state().beeps === 1 && device.state().leds === 1)
  })

  it('packets spoilt on the way come again, messages of several packets come whole, and nothing comes twice', async () => {
    const wire = await wired()
    const device = simulateSsiScanner(wire, parts, { answerMs: PATIENT_MS, bodyMax: 16, repeatsType: false })
    const { scanner, texts } = await listen(wire, { protocol: 'ssi' })
    device.spoilNext('flip')
    device.scan(UDI)
    // What it says next must be the scan itself, not what waits before it.
    await until('the first, acknowledged', () => texts().length === 1 && device.state().unsent === 0)
    device.spoilNext('half')
    device.scan('B250901', 'code-128')
    await until('the second', () => texts().length === 2)
    await until('all acknowledged', () => device.state().unsent === 0)
    expect(texts()).toEqual([UDI, ']C0B250901'])
    expect(device.state()).toMatchObject({ naks: 2, resends: 2, dropped: 0 })
    expect(scanner.state().counters.garbage).toBeGreaterThanOrEqual(2)
  })

  it('a scanner that hears no acknowledgement and sends for ever is told once', async () => {
    const wire = await wired()
    const device = simulateSsiScanner(wire, parts, { answerMs: 30, tries: Number.POSITIVE_INFINITY })
    const { scanner, texts } = await listen(wire, { protocol: 'ssi' })
    await until('the opening', () => scanner.state().version !== null)
    device.deafen(true)
    device.scan('B250901', 'code-128')
    await until('ten repeats', () => scanner.state().noticed.repeats >= 10)
    expect(texts()).toEqual([']C0B250901'])
    device.deafen(false)
    await until('the acknowledgement', () => device.state().unsent === 0)
    device.event(3)
    device.noise(Uint8Array.of(0x55, 0xaa))
    device.scan('C1', 'code-128')
    await until('the next', () => texts().length === 2)
  })

  it('unplugged it forgets what was set, and is set again', async () => {
    const wire = await wired()
    const device = simulateSsiScanner(wire, parts, { answerMs: 300 })
    const { scanner, texts } = await listen(wire, { protocol: 'ssi', configure: true })
    await until('the settings', () => device.state().params.get(0x2d) === 1)
    await device.unplug()
    await until('the loss', () => !scanner.state().connected)
    expect(device.state().params.get(0x2d)).toBe(0)
    await device.replug()
    await until('the settings again', () => device.state().params.get(0x2d) === 1)
    device.scan(UDI)
    await until('the scan', () => texts().length === 1)
    expect(texts()).toEqual([`]d2${UDI}`])
  })

  it('one that never answers is a trouble and no reason to stop listening', async () => {
    const wire = await wired()
    const device = simulateSsiScanner(wire, parts, { answerMs: 5_000 })
    device.deafen(true)
    const { scanner, texts } = await listen(wire, { protocol: 'ssi', configure: true })
    device.scan('B1', 'code-128')
    await until('the scan', () => texts().length === 1)
    await until('the trouble', () => scanner.state().troubles.length === 2)
    expect(scanner.state().troubles.map(({ wish }) => wish)).toEqual(['PARAM_SEND', 'PARAM_REQUEST'])
  })
})

describe('makers of scanners in line mode', () => {
  it.each(['honeywell', 'newland'] as const)('%s: set by its serial commands, read back', async (kind) => {
    const wire = await wired()
    const device = simulateScanner(wire, { kind, aim: false })
    const { scanner, texts } = await listen(wire, { protocol: kind, configure: true, profile: { aim: true } })
    await until('the settings', () => device.state().aim && device.state().terminator === '\r')
    await until('the read-back', () => device.state().commands.some((command) => /[?*]$/.test(command)))
    device.scan(UDI)
    await until('a scan', () => texts().length === 1)
    device.scan('6901234567892', 'ean-13')
    await until('another scan', () => texts().length === 2)
    expect(texts()).toEqual([`]d2${UDI}`, ']E06901234567892'])
    expect(scanner.state()).toMatchObject({ troubles: [], noticed: { scans: 0 }, counters: { garbage: 0 } })
  })

  it.each(['honeywell', 'newland', 'datalogic'] as const)('%s: code ids instead of AIM ids, | for GS', async (kind) => {
    const wire = await wired()
    const device = simulateScanner(wire, { kind, aim: false, codeId: true, prefix: 'W1-', separator: '|', leads: true })
    const { scanner, texts } = await listen(wire, { protocol: kind, separator: '|', profile: { codeId: true, prefix: 'W1-', aim: false } })
    device.scan(UDI, 'gs1-128')
    device.scan('6901234567892', 'ean-13')
    await until('two scans', () => texts().length === 2)
    expect(texts()[1]).toBe(']E06901234567892')
    expect(texts()[0]?.endsWith(UDI)).toBe(true)
    expect(scanner.state().noticed).toEqual({ scans: 0, repeats: 0, last: null })
  })

  it('a scanner that answers no command, or knows none, is a trouble and is heard', async () => {
    const wire = await wired()
    const device = simulateScanner(wire, { kind: 'newland', aim: false })
    device.deafen(true)
    const { scanner, texts } = await listen(wire, { protocol: 'newland', configure: true })
    device.scan('96385074', 'ean-8')
    await until('the troubles', () => scanner.state().troubles.length === 2)
    await until('the scan that came meanwhile', () => texts().length === 1)
    expect(texts()).toEqual(['96385074'])
    const other = await listen(await wired(() => openTcpWire()), { protocol: 'datalogic', configure: true })
    expect(other.scanner.state().troubles).toMatchObject([{ wish: 'configure' }])
  })

  it('half a scan is garbage and not the head of the next; noise is told', async () => {
    const wire = await wired()
    const device = simulateScanner(wire)
    const { scanner, texts } = await listen(wire, {})
    device.spoilNext('half')
    device.scan(UDI)
    await until('the garbage', () => scanner.state().counters.garbage === 1)
    device.spoilNext('noise')
    device.scan(UDI)
    await until('the scan', () => texts().length === 1)
    expect([texts(), scanner.state().counters.garbage]).toEqual([[`]d2${UDI}`], 2])
  })
})
