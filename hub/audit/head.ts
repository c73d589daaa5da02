import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, readFileSync, writeSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Head } from './chain.ts'

/**
 * The last row the chain is known to have had, kept among the keys and so apart from the file: a chain that was cut at its end, or exchanged for
 * another, no longer reaches it. Written after every commit, never before: it may be behind the chain, and never ahead.
 */
export interface ToldHead {
  /** Whether it is kept anywhere. */
  readonly kept: boolean
  readonly read: () => Head | null
  readonly write: (head: Head) => void
  /** Makes it outlive the machine. */
  readonly close: () => void
}

/** Where the head lies in the folder of keys. */
export const HEAD_FILE = 'audit.head'
/** Where it lies for an audit file in a hub's home. */
export const headBeside = (file: string): string => join(dirname(file), 'keys', HEAD_FILE)

export const openToldHead = (file: string | null): ToldHead => {
  if (file === null) return openUntold()
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
  const before = readToldHead(file)
  const handle = openSync(file, existsSync(file) ? 'r+' : 'w+', 0o600)
  return {
    kept: true,
    read: () => before,
    write: (head) =>
      void writeSync(
        handle,
        Buffer.from(
          JSON.stringify(head)
            .padEnd(HEAD_BYTES - 1)
            .concat('\n'),
        ),
        0,
        HEAD_BYTES,
        0,
      ),
    close: () => {
      fsyncSync(handle)
      closeSync(handle)
    },
  }
}

/** The head a file tells; `null` when there is none or it is no head. */
export const readToldHead = (file: string): Head | null => {
  if (!existsSync(file)) return null
  return headIn(readFileSync(file, 'utf8'))
}

/** A head as it is written down, or as `epoch:seq:hash`. */
export const headIn = (text: string): Head | null => {
  const [epoch = '', seq = '', hash = ''] = text.trim().startsWith('{') ? partsOf(text) : text.trim().split(':')
  return /^[0-9a-f]{16}$/.test(epoch) && /^[1-9]\d{0,14}$/.test(seq) && /^[0-9a-f]{64}$/.test(hash)
    ? { epoch, seq: Number(seq), hash }
    : null
}

/** A head in one word, for a person to write down. */
export const headText = ({ epoch, seq, hash }: Head): string => `${epoch}:${seq}:${hash}`

const partsOf = (text: string): readonly string[] => {
  try {
    const { epoch, seq, hash } = JSON.parse(text) as Record<string, unknown>
    return [String(epoch), String(seq), String(hash)]
  } catch {
    return []
  }
}

/** One sector, written over in one go at one place: a cut in the power leaves the old head or the new one, never half of each. */
const HEAD_BYTES = 256

const openUntold = (): ToldHead => ({ kept: false, read: () => null, write: () => {}, close: () => {} })
