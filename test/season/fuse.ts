import type { Timers } from '@lotkeeper/edge/parts.ts'
import type { Parts, Signer } from '@lotkeeper/protocol/parts.ts'

/** Power that goes between two port calls: whoever lights it is told at the k-th call from then on. */
export interface Fuse {
  /** Of crypto alone, which stands around every commit; or of every port: what is said and timers that go off burn it too. */
  readonly light: (calls: number, blow: () => void, ports?: 'crypto' | 'every') => void
  readonly out: () => void
  /** Calls of every port since it was opened. */
  readonly calls: () => number
  readonly timers: (timers: Timers) => Timers
  /** The same line, each word on which burns it. */
  readonly line: <Line extends Pick<Speech, 'publish'>>(line: Line) => Line
  /** The same crypto and the same signer, each call of which burns the fuse. */
  readonly crypto: (crypto: Parts) => Parts
  readonly signer: <Key extends Signer>(signer: Key) => Key
}

interface Speech {
  readonly publish: (...said: never[]) => unknown
}

export const openFuse = (): Fuse => {
  let left = 0
  let blow: (() => void) | null = null
  let every = false
  let calls = 0
  const burn = (port: 'crypto' | 'other' = 'crypto') => {
    calls += 1
    if (!blow || (port === 'other' && !every)) return
    left -= 1
    if (left > 0) return
    const blown = blow
    blow = null
    blown()
  }
  return {
    light: (after, then, ports = 'crypto') => {
      left = after
      blow = then
      every = ports === 'every'
    },
    out: () => {
      blow = null
    },
    calls: () => calls,
    timers: (timers) => ({
      after: (ms, run) =>
        timers.after(ms, () => {
          burn('other')
          run()
        }),
    }),
    line: (line) => ({
      ...line,
      publish: (...said: Parameters<typeof line.publish>) => {
        burn('other')
        return line.publish(...said)
      },
    }),
    crypto: (crypto) => ({
      ...crypto,
      sha256: (...chunks) => {
        burn()
        return crypto.sha256(...chunks)
      },
      verify: (...asked) => {
        burn()
        return crypto.verify(...asked)
      },
    }),
    signer: (signer) => ({
      ...signer,
      sign: (message: Uint8Array) => {
        burn()
        return signer.sign(message)
      },
    }),
  }
}
