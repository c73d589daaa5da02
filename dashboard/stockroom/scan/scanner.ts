import type { ScanView } from '@lotkeeper/protocol/api/node.ts'

/** What listens to codes. */
export type ScanListener = (view: ScanView) => void

/** The one place codes come in: from the scanner on the table, from a wedge, from a keyboard. The screen opened last gets them. */
export interface Scanner {
  readonly take: (view: ScanView) => void
  readonly follow: (listener: ScanListener) => () => void
}

export const openScanner = (): Scanner => {
  const listeners: ScanListener[] = []
  return {
    take: (view) => listeners.at(-1)?.(view),
    follow: (listener) => {
      listeners.push(listener)
      return () => {
        const at = listeners.lastIndexOf(listener)
        if (at >= 0) listeners.splice(at, 1)
      }
    },
  }
}
