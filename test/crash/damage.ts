import { readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'

/** One way a medium lies. Each is applied to closed files and answers what it did, in words. */
export interface Damage {
  readonly name: string
  readonly apply: (files: DamagedFiles, draw: Draw) => string
}
/** The database file of a house as a power cut left it. */
export interface DamagedFiles {
  readonly main: string
  readonly wal: string
  readonly shm: string
  /** The same two files a while before: what a sector holds that was never written. */
  readonly earlier: { readonly main: Uint8Array; readonly wal: Uint8Array }
}
/** A whole number from 0 up to, not including, the limit. */
export type Draw = (below: number) => number

export const DAMAGES: readonly Damage[] = [
  {
    name: 'WAL cut at a byte',
    apply: ({ wal }, draw) => {
      const at = draw(usedWal(readFileSync(wal)) + 1)
      truncateSync(wal, at)
      return `WAL cut at byte ${at}`
    },
  },
  { name: 'bits of the WAL', apply: ({ wal }, draw) => flip(wal, upTo(usedWal(readFileSync(wal))), 1 + draw(3), draw) },
  { name: 'sectors of the WAL zeroed', apply: ({ wal }, draw) => zero(wal, upTo(usedWal(readFileSync(wal))), SECTOR, 1 + draw(4), draw) },
  {
    name: 'sectors of the tail missing',
    apply: ({ wal, earlier }, draw) => older(wal, earlier.wal, tailOf(readFileSync(wal), draw), draw),
  },
  {
    name: 'sectors of the tail exchanged',
    apply: ({ wal }, draw) => {
      const bytes = readFileSync(wal)
      const [from, upto] = tailOf(bytes, draw)
      const sectors = Math.max(2, Math.floor((upto - from) / SECTOR))
      const [one, other] = [from + draw(sectors) * SECTOR, from + draw(sectors) * SECTOR]
      const aside = Buffer.from(bytes.subarray(one, one + SECTOR))
      bytes.copy(bytes, one, other, other + SECTOR)
      aside.copy(bytes, other)
      writeFileSync(wal, bytes)
      return `WAL sectors at ${one} and ${other} exchanged`
    },
  },
  {
    name: 'a torn page',
    apply: ({ wal, earlier }, draw) => {
      const bytes = readFileSync(wal)
      const frames = Math.floor((usedWal(bytes) - WAL_HEADER) / FRAME)
      const at = WAL_HEADER + draw(Math.max(1, frames)) * FRAME + draw(FRAME / SECTOR) * SECTOR
      const end = WAL_HEADER + Math.ceil((at - WAL_HEADER + 1) / FRAME) * FRAME
      Buffer.from(earlier.wal.subarray(at, end)).copy(bytes, at)
      writeFileSync(wal, bytes)
      return `WAL frame torn at ${at}`
    },
  },
  {
    name: 'a stale index',
    apply: ({ shm }, draw) => {
      writeFileSync(shm, Buffer.from(Array.from({ length: 32_768 }, () => draw(256))))
      return 'a WAL index of noise'
    },
  },
  {
    name: 'the WAL gone',
    apply: ({ wal }) => {
      rmSync(wal)
      return 'the WAL gone'
    },
  },
  { name: 'bits of the main file', apply: ({ main }, draw) => flip(main, inWrittenPages(readFileSync(main)), 1 + draw(3), draw) },
  {
    name: 'pages of the main file zeroed',
    apply: ({ main }, draw) => zero(main, inWrittenPages(readFileSync(main)), PAGE, 1 + draw(2), draw),
  },
  {
    name: 'main file cut',
    apply: ({ main }, draw) => {
      const at = draw(readFileSync(main).length + 1)
      truncateSync(main, at)
      return `main file cut at byte ${at}`
    },
  },
  {
    name: 'an older main file',
    apply: ({ main, earlier }, draw) => older(main, earlier.main, [0, readFileSync(main).length], draw),
  },
]

/** Bytes of a WAL that hold frames of its present round: the salt of a frame is that of the header [SQLite file format 4.1]. */
export const usedWal = (bytes: Uint8Array): number => {
  const salt = Buffer.from(bytes.subarray(16, 24))
  let end = WAL_HEADER
  while (end + FRAME <= bytes.length && salt.equals(bytes.subarray(end + 8, end + 16))) end += FRAME
  return Math.min(end, bytes.length)
}

const SECTOR = 512
const PAGE = 4_096
const WAL_HEADER = 32
const FRAME = PAGE + 24

/** From somewhere in the last frames to the end. */
const tailOf = (wal: Uint8Array, draw: Draw): readonly [number, number] => {
  const upto = usedWal(wal)
  const from = Math.max(0, upto - (1 + draw(12)) * FRAME)
  return [from - (from % SECTOR), upto]
}

/** A place in a file, drawn. */
type Place = (draw: Draw) => number

const upTo =
  (limit: number): Place =>
  (draw) =>
    draw(Math.max(1, limit))

/** Anywhere in pages that hold something: a hub's file is mostly room kept empty. */
const inWrittenPages = (bytes: Buffer): Place => {
  const pages = Array.from({ length: Math.floor(bytes.length / PAGE) }, (_, page) => page * PAGE)
  const written = pages.filter((at) => bytes.subarray(at + 16, at + PAGE).some((byte) => byte !== 0))
  return (draw) => (written[draw(written.length)] ?? 0) + draw(PAGE)
}

const flip = (file: string, place: Place, times: number, draw: Draw): string => {
  const bytes = readFileSync(file)
  const places = Array.from({ length: times }, () => [place(draw), draw(8)] as const)
  for (const [at, bit] of places) bytes[at] = (bytes[at] ?? 0) ^ (1 << bit)
  writeFileSync(file, bytes)
  return `bits flipped: ${places.map(([at, bit]) => `${at}.${bit}`).join(' ')}`
}

const zero = (file: string, place: Place, size: number, times: number, draw: Draw): string => {
  const bytes = readFileSync(file)
  const places = Array.from({ length: times }, () => Math.floor(place(draw) / size) * size)
  for (const at of places) bytes.fill(0, at, at + size)
  writeFileSync(file, bytes)
  return `${size} bytes zeroed at ${places.join(' ')}`
}

/** Each sector of a stretch holds what it held earlier, or what it should, as it falls. */
const older = (file: string, earlier: Uint8Array, [from, upto]: readonly [number, number], draw: Draw): string => {
  const bytes = readFileSync(file)
  const places: number[] = []
  for (let at = from; at < upto; at += SECTOR) {
    const before = earlier.subarray(at, Math.min(at + SECTOR, upto))
    if (draw(2) === 0 || before.length === 0 || Buffer.compare(before, bytes.subarray(at, at + before.length)) === 0) continue
    places.push(at)
    bytes.set(before, at)
  }
  writeFileSync(file, bytes)
  return `${places.length} sectors as they were earlier: ${places.slice(0, 12).join(' ')}`
}
