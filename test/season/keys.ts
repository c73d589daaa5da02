import { createPrivateKey, type KeyObject } from 'node:crypto'
import type { KeyFolder } from '@lotkeeper/hub/access/folder.ts'

/** A hub's folder of keys as it lies in memory: what a backup copies, and what a crash leaves as it was. */
export interface KeyCabinet {
  readonly folder: KeyFolder
  readonly image: () => ReadonlyMap<string, string>
  readonly put: (image: ReadonlyMap<string, string>) => void
}

/** Whatever key is asked for is made of this seed: the same hub in every run. */
export const openKeyCabinet = (seed: Uint8Array): KeyCabinet => {
  let files = new Map<string, string>()
  const text = (name: string, make: () => string): string => {
    const kept = files.get(name) ?? make()
    files.set(name, kept)
    return kept
  }
  return {
    image: () => new Map(files),
    put: (image) => {
      files = new Map(image)
    },
    folder: {
      path: (name) => name,
      has: (name) => files.has(name),
      text,
      write: (name, value) => void files.set(name, value),
      drop: (name) => void files.delete(name),
      privateKey: () => keyOf(seed),
    },
  }
}

const keyOf = (seed: Uint8Array): KeyObject => createPrivateKey({ key: Buffer.concat([PKCS8_HEAD, seed]), format: 'der', type: 'pkcs8' })
const PKCS8_HEAD = Buffer.from('302e020100300506032b657004220420', 'hex')
