import type { Parts, Signer } from '@lotkeeper/protocol/parts.ts'

/** Power that goes between two port calls: whoever lights it is told at the k-th call from then on. */
export interface Fuse {
  readonly light: (calls: number, blow: () => void) => void
  readonly out: () => void
  /** The same crypto and the same signer, each call of which burns the fuse. */
  readonly crypto: (crypto: Parts) => Parts
  readonly signer: <Key extends Signer>(signer: Key) => Key
}

export const openFuse = (): Fuse => {
  let left = 0
  let blow: (() => void) | null = null
  const burn = () => {
    if (!blow) return
    left -= 1
    if (left > 0) return
    const blown = blow
    blow = null
    blown()
  }
  return {
    light: (calls, then) => {
      left = calls
      blow = then
    },
    out: () => {
      blow = null
    },
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
