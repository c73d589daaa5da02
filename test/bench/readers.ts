import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { MODULES } from '@lotkeeper/deploy/simulators/modules/modules.ts'
import { openPtyWire } from '@lotkeeper/deploy/simulators/pty.ts'
import { simulateReader } from '@lotkeeper/deploy/simulators/reader.ts'
import { REAL_PARTS } from '@lotkeeper/deploy/simulators/real-parts.ts'
import { FAMILIES, FAMILY_NAMES, type FamilyName } from '@lotkeeper/edge/readers/uhf/families.ts'
import type { Wish } from '@lotkeeper/edge/readers/uhf/family.ts'
import { createFramer } from '@lotkeeper/edge/serial/framing.ts'
import { hexOf } from '@lotkeeper/protocol/bytes.ts'
import { type Bench, type Figure, median } from './figures.ts'

/** Reader bytes read a second on one core, family by family; memory after ten million frames; what four busy readers cost. */
export const readers: Bench = {
  name: 'readers',
  what: { zh: '读写器字节', en: 'reader bytes' },
  run: async (scope, say) => {
    const figures: Figure[] = []
    for (const family of FAMILY_NAMES) {
      const stream = streamOf(family)
      const rates: number[] = []
      const limits: number[] = []
      for (let round = 0; round < ROUNDS; round += 1) {
        rates.push(readsPerSecond(family, stream))
        limits.push(bareSumsPerSecond(stream))
      }
      say(`${family}: ${Math.round(rates.at(-1) ?? 0)} /s`)
      const name = FAMILIES[family].name
      figures.push({
        what: { zh: `${name} 标签帧：切帧、校验、解出`, en: `${name} tag frames cut, checked and read` },
        ours: median('/s', rates),
        goal: { is: '≥', value: 500_000 },
        beside: [
          { name: { zh: '只把字节加一遍', en: 'adding up the bytes alone' }, measured: median('/s', limits) },
          { name: { zh: '满速串口', en: 'a full line' }, measured: median('/s', [linePerSecond(family, stream)]) },
        ],
      })
    }
    figures.push(memoryFigure(say), await fourReaders(scope, say))
    return figures
  },
}

/** Chunks as a serial port hands them over: any cut, here 61 bytes; and the reads in them. */
interface Stream {
  readonly chunks: readonly Uint8Array[]
  readonly bytes: number
  readonly reads: number
}

/** What a module of the family sends for so many reads of changing tags. */
const streamOf = (name: FamilyName): Stream => {
  const module = MODULES[name].make({ readsPerSecond: 500 })
  const { configure, start } = FAMILIES[name].conversation(WISH)
  let turn = 0
  const tagsAt = () => {
    turn += 1
    return [{ epc: epcOf(turn), rssiDbm: -40 - (turn % 30), phaseDeg: turn % 180 }]
  }
  const air = { tagsAt, fraction: () => 0.5 }
  const [dialect = ''] = FAMILIES[name].dialects
  for (const ask of configure) module.hear(ask.bytes(dialect), 0)
  const frames: Uint8Array[] = []
  let reads = 0
  for (let at = 0; reads < READS; at += 2) {
    if (!module.reading()) module.hear(start.bytes(dialect), at)
    const look = module.look(air, at)
    if (look.reads > 0) frames.push(...look.frames)
    reads += look.reads
    if (at > READS * 40) throw new Error(`${name}: its module does not read`)
  }
  const whole = Uint8Array.from(frames.flatMap((frame) => [...frame]))
  const chunks = Array.from({ length: Math.ceil(whole.length / CHUNK_BYTES) }, (_, at) =>
    whole.slice(at * CHUNK_BYTES, (at + 1) * CHUNK_BYTES),
  )
  return { chunks, bytes: whole.length, reads: readAll(name, chunks) }
}

const epcOf = (turn: number): Uint8Array => Uint8Array.from({ length: 12 }, (_, at) => (at === 0 ? 0x30 : (turn * (at + 3) * 0x9d) & 0xff))

/** As the reader does it: bytes to frames to reads, the EPC as text. Answers how many. */
const readAll = (name: FamilyName, chunks: readonly Uint8Array[]): number => {
  const { framing, hear } = FAMILIES[name]
  const framer = createFramer(framing)
  let reads = 0
  for (const chunk of chunks)
    for (const piece of framer.take(chunk)) {
      if (piece.kind !== 'frame') throw new Error(`${name}: noise in a clean stream`)
      const heard = hear(piece.bytes)
      if (heard.kind !== 'reads') continue
      for (const { epc, crcOk } of heard.reads) if (crcOk !== false && epc.length > 0) reads += 1
    }
  return reads
}

const readsPerSecond = (name: FamilyName, { chunks, reads }: Stream): number => {
  const once = () => {
    if (readAll(name, chunks) !== reads) throw new Error(`${name}: a read was lost`)
  }
  return rateOf(once, reads)
}

let summed = 0
const bareSumsPerSecond = ({ chunks, reads }: Stream): number =>
  rateOf(() => {
    for (const chunk of chunks) for (let at = 0; at < chunk.length; at += 1) summed = (summed + (chunk[at] as number)) & 0xffff
  }, reads)

/** 8N1: ten bits a byte. */
const linePerSecond = (name: FamilyName, { bytes, reads }: Stream): number => MODULES[name].baud / 10 / (bytes / reads)

const rateOf = (once: () => void, count: number): number => {
  for (let spent = 0; spent < ROUND_US; ) spent += cpuOf(once)
  let [spent, done] = [0, 0]
  while (spent < ROUND_US) {
    spent += cpuOf(once)
    done += count
  }
  return (done / spent) * 1_000_000
}

const cpuOf = (run: () => void): number => {
  const before = process.cpuUsage()
  run()
  const { user, system } = process.cpuUsage(before)
  return user + system
}

/** How much more the process holds after ten million frames of one framer than after the first hundred thousand. */
const memoryFigure = (say: (line: string) => void): Figure => {
  const stream = streamOf('bb7e')
  const { framing, hear } = FAMILIES.bb7e
  const framer = createFramer(framing)
  let frames = 0
  let text = ''
  const play = (until: number) => {
    while (frames < until)
      for (const chunk of stream.chunks)
        for (const piece of framer.take(chunk)) {
          frames += 1
          const heard = hear(piece.bytes)
          if (heard.kind === 'reads') text = hexOf(heard.reads[0]?.epc ?? piece.bytes)
        }
  }
  play(100_000)
  const before = settledMb()
  play(FRAMES)
  const after = settledMb()
  say(`${frames} frames, ${before.toFixed(1)} MB -> ${after.toFixed(1)} MB, last ${text}`)
  return {
    what: { zh: '一千万帧之后多占的内存', en: 'memory held more after ten million frames' },
    ours: median('MB', [Math.max(0, after - before)]),
    goal: { is: '<', value: 2 },
  }
}

/** What is still needed: without collecting first it would be what happened to lie about. */
const settledMb = (): number => {
  setFlagsFromString('--expose-gc')
  runInNewContext('gc')()
  return process.memoryUsage().heapUsed / 1_048_576
}

/** Four readers on pseudo-terminals, each sending as fast as 115,200 bits a second carry: what a process that reads them and watches the door takes. */
const fourReaders = async (scope: AsyncDisposableStack, say: (line: string) => void): Promise<Figure> => {
  const folder = mkdtempSync(join(tmpdir(), 'lotkeeper-busy-'))
  scope.defer(() => rmSync(folder, { recursive: true, force: true }))
  const wires = await Promise.all(['a', 'b', 'c', 'd'].map((name) => openPtyWire({ folder, name })))
  for (const wire of wires) {
    let turn = 0
    const field = () => {
      turn += 1
      return [{ epc: epcOf(turn % TAGS_PASSING), rssiDbm: -50 + (turn % 7) }]
    }
    const reader = simulateReader(wire, REAL_PARTS, { field, readsPerSecond: LINE_READS })
    scope.defer(reader.close)
  }
  const script = join(import.meta.dirname, 'busy-door.ts')
  const child = spawn(process.execPath, [script, 'bb7e', '6', ...wires.map(({ address }) => address)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  scope.defer(() => void child.kill('SIGKILL'))
  const told = JSON.parse(await text(child.stdout)) as { readonly percent: number; readonly reads: number }
  say(`four readers: ${Math.round(told.reads)} reads/s took ${told.percent.toFixed(1)} % of a core`)
  return {
    what: { zh: '四台读写器满速，连同门的判断，占一个核', en: 'four readers at full line rate and the door they watch, of one core' },
    ours: median('%', [told.percent]),
    goal: { is: '<', value: 5 },
    beside: [{ name: { zh: '每秒读到', en: 'reads a second' }, measured: median('/s', [told.reads]) }],
  }
}

const TAGS_PASSING = 20
/** Frames of 24 bytes that 115,200 bits a second carry. */
const LINE_READS = 480

const WISH: Wish = { region: 'CN900', powerDbm: 20, session: 0, ports: [1] }
const READS = 2_000
const CHUNK_BYTES = 61
const ROUNDS = 3
const ROUND_US = 300_000
const FRAMES = 10_000_000
