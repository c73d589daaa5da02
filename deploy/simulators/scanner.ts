import type { LineOrderName } from '@lotkeeper/edge/readers/barcode/line-orders.ts'
import type { Wire } from './line.ts'
import { createScannerMenu, type MenuMemory } from './scanner-menu.ts'
import { type Symbology, symbolText } from './scanner-symbols.ts'

/** A barcode scanner in line mode at the end of a wire, in the output order of its maker; it answers its maker's serial commands where it has them. */
export const simulateScanner = (wire: Wire, options: ScannerOptions = {}): SimulatedScanner => {
  const { kind = 'line', terminator = '\r', aim = true, codeId = false, prefix = '', suffix = '', separator, leads = false } = options
  const memory: MenuMemory = { aim, codeId, prefix, suffix, terminator }
  const menu = createScannerMenu(kind, memory)
  let next: LineSpoiling | null = null
  let isDeaf = false
  const scan = (text: string, symbology: Symbology) => {
    const bytes = Buffer.from(symbolText(kind, { text, symbology, leads, separator: separator ?? '\x1d' }, memory), 'utf8')
    wire.send(next === 'half' ? bytes.subarray(0, bytes.length / 2) : next === 'noise' ? Buffer.concat([NOISE, bytes]) : bytes)
    next = null
  }
  wire.onBytes((bytes) => {
    if (isDeaf) return
    for (const answer of menu.hear(bytes)) wire.send(answer)
  })
  return {
    scan: (text, symbology = 'gs1-datamatrix') => scan(text, symbology),
    spoilNext: (how) => {
      next = how
    },
    deafen: (deaf) => {
      isDeaf = deaf
    },
    state: () => ({ ...memory, commands: menu.commands() }),
    noise: wire.send,
    unplug: wire.unplug,
    replug: wire.replug,
    close: wire.close,
  }
}

export interface ScannerOptions {
  /** Whose scanner it is; `line` is anybody's. */
  readonly kind?: LineOrderName
  /** Sent after every code. */
  readonly terminator?: string
  /** Whether the scanner is set to send AIM ids. */
  readonly aim?: boolean
  /** Whether it sends its maker's code ids. */
  readonly codeId?: boolean
  readonly prefix?: string
  readonly suffix?: string
  /** What it sends for GS; an empty text drops it. */
  readonly separator?: string
  /** Whether it sends the leading FNC1 as GS. */
  readonly leads?: boolean
}

/** `half`: the rest and the line end are lost; `noise`: bytes of another baud rate before it. */
export type LineSpoiling = 'half' | 'noise'

export interface SimulatedScanner {
  /** Scans a symbol that holds this text; GS (`\x1d`) stands for an FNC1 inside it. */
  readonly scan: (text: string, symbology?: Symbology) => void
  /** Spoils the next scan. */
  readonly spoilNext: (how: LineSpoiling) => void
  /** Answers no command any more. */
  readonly deafen: (deaf: boolean) => void
  readonly state: () => Readonly<MenuMemory> & { readonly commands: readonly string[] }
  readonly noise: (bytes: Uint8Array) => void
  readonly unplug: () => Promise<void>
  readonly replug: () => Promise<void>
  readonly close: () => Promise<void>
}

const NOISE = Uint8Array.of(0x00, 0xff, 0x86, 0x0d)
