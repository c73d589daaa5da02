import type { Wire } from './line.ts'

/** A barcode scanner in line mode at the end of a wire. */
export const simulateScanner = (wire: Wire, { terminator = '\r', aim = true }: ScannerOptions = {}): SimulatedScanner => ({
  scan: (text, symbology = 'gs1-datamatrix') => wire.send(Buffer.from(`${aim ? AIM_IDS[symbology] : ''}${text}${terminator}`, 'utf8')),
  noise: wire.send,
  unplug: wire.unplug,
  replug: wire.replug,
  close: wire.close,
})

/** AIM ids a scanner puts before the data [ISO/IEC 15424]. */
export const AIM_IDS = {
  'gs1-128': ']C1',
  'code-128': ']C0',
  'ean-13': ']E0',
  'ean-8': ']E4',
  'gs1-databar': ']e0',
  'gs1-datamatrix': ']d2',
  datamatrix: ']d1',
  'gs1-qr': ']Q3',
  qr: ']Q1',
  'itf-14': ']I1',
} as const
export type Symbology = keyof typeof AIM_IDS

export interface ScannerOptions {
  /** Sent after every code. */
  readonly terminator?: string
  /** Whether the scanner is set to send AIM ids. */
  readonly aim?: boolean
}

export interface SimulatedScanner {
  /** Scans a symbol that holds this text; GS (`\x1d`) stands for an FNC1 inside it. */
  readonly scan: (text: string, symbology?: Symbology) => void
  readonly noise: (bytes: Uint8Array) => void
  readonly unplug: () => Promise<void>
  readonly replug: () => Promise<void>
  readonly close: () => Promise<void>
}
