import type { ScanView } from '@lotkeeper/protocol/api/node.ts'
import { EVENTS_AT } from '../parts/routes.ts'

/** What the node says by itself. */
export interface EventSide {
  /** The names of answers that are old now. */
  readonly changed: (what: readonly string[]) => void
  /** The scanner on the table has read a code. */
  readonly scan: (scan: ScanView) => void
  /** The line to the node came or went. */
  readonly up: () => void
  readonly down: () => void
}

/** Listens to the node [HTML SSE]; the browser connects again by itself, and after each connect everything is read anew, for events may be lost. */
export const openEvents = (on: EventSide, parts: { readonly after: (ms: number, run: () => void) => () => void }): (() => void) => {
  let source: EventSource
  let cancel = (): void => undefined
  const open = (): void => {
    source = new EventSource(EVENTS_AT)
    source.addEventListener('open', () => {
      on.up()
      on.changed(EVERYTHING)
    })
    source.addEventListener('error', () => {
      on.down()
      // The browser gives up for good after an answer that is no stream (a restart, a proxy); then we begin anew.
      if (source.readyState === EventSource.CLOSED) cancel = parts.after(REOPEN_MS, open)
    })
    source.addEventListener('changed', (event) => {
      const said = readSaid(event.data) as { readonly what?: readonly string[] } | null
      // What is on its way has no word of its own: it changes with what is booked and with what the county tells.
      if (said?.what) on.changed([...said.what, 'expected', 'provisionals', 'retags', 'lotExpiries', 'devicePast'])
    })
    source.addEventListener('scan', (event) => {
      const scan = readSaid(event.data) as ScanView | null
      if (scan) on.scan(scan)
    })
  }
  open()
  return () => {
    cancel()
    source.close()
  }
}

/** All the answers an event may name. */
export const EVERYTHING: readonly string[] = [
  'stock',
  'tasks',
  'alarms',
  'devices',
  'state',
  'movements',
  'expected',
  'sites',
  'provisionals',
  'retags',
  'lotExpiries',
  'devicePast',
]

const readSaid = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
const REOPEN_MS = 3_000
