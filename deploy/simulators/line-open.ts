import type { Wire } from './line.ts'
import { openPtyWire, type PtyWireOptions } from './pty.ts'
import { openTcpWire } from './tcp.ts'

/** A wire for a demo on any machine: a pseudo-terminal where there is one, else a TCP serial server; `fellBack` says why it is not the first. */
export const openWire = async (options: PtyWireOptions): Promise<{ readonly wire: Wire; readonly fellBack: string | null }> => {
  try {
    return { wire: await openPtyWire(options), fellBack: null }
  } catch (error) {
    return { wire: await openTcpWire(), fellBack: error instanceof Error ? error.message : String(error) }
  }
}
