/**
 * SHA-256 [FIPS 180-4] in plain arithmetic: a page read over plain http has no `crypto.subtle` (B-004), and the proofs the county shows are worth
 * something only when the page itself reckons them.
 */
export const sha256 = (...chunks: readonly Uint8Array[]): Uint8Array => {
  const blocks = paddedOf(chunks)
  const state = Uint32Array.from(START)
  const words = new Uint32Array(64)
  for (let at = 0; at < blocks.byteLength; at += BLOCK_BYTES) {
    for (let t = 0; t < 16; t += 1) words[t] = blocks.getUint32(at + 4 * t)
    for (let t = 16; t < 64; t += 1)
      words[t] = late(word(words, t - 2)) + word(words, t - 7) + early(word(words, t - 15)) + word(words, t - 16)
    turn(state, words)
  }
  const hash = new DataView(new ArrayBuffer(32))
  for (let at = 0; at < 8; at += 1) hash.setUint32(4 * at, word(state, at))
  return new Uint8Array(hash.buffer)
}

/** The message, one 1 bit, zeros, and its length in bits at the end of a whole block. */
const paddedOf = (chunks: readonly Uint8Array[]): DataView => {
  const length = chunks.reduce((sum, chunk) => sum + chunk.length, 0)
  const bytes = new Uint8Array(Math.ceil((length + 9) / BLOCK_BYTES) * BLOCK_BYTES)
  let at = 0
  for (const chunk of chunks) {
    bytes.set(chunk, at)
    at += chunk.length
  }
  bytes[length] = 0x80
  const view = new DataView(bytes.buffer)
  view.setUint32(bytes.length - 8, Math.floor(length / 2 ** 29))
  view.setUint32(bytes.length - 4, (length << 3) >>> 0)
  return view
}

/** The 64 steps over one block. */
const turn = (state: Uint32Array, words: Uint32Array): void => {
  let [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0] = state
  for (let t = 0; t < 64; t += 1) {
    const choice = (e & f) ^ (~e & g)
    const most = (a & b) ^ (a & c) ^ (b & c)
    const first = (h + (right(e, 6) ^ right(e, 11) ^ right(e, 25)) + choice + word(ROUNDS, t) + word(words, t)) | 0
    const second = ((right(a, 2) ^ right(a, 13) ^ right(a, 22)) + most) | 0
    h = g
    g = f
    f = e
    e = (d + first) | 0
    d = c
    c = b
    b = a
    a = (first + second) | 0
  }
  for (const [at, one] of [a, b, c, d, e, f, g, h].entries()) state[at] = word(state, at) + one
}

const right = (value: number, by: number): number => (value >>> by) | (value << (32 - by))
const early = (value: number): number => right(value, 7) ^ right(value, 18) ^ (value >>> 3)
const late = (value: number): number => right(value, 17) ^ right(value, 19) ^ (value >>> 10)
const word = (words: Uint32Array, at: number): number => words[at] ?? 0

const BLOCK_BYTES = 64
/** The first primes; the constants are the fractions of their roots, so they are reckoned, not typed. */
const primesOf = (count: number): readonly number[] => {
  const primes: number[] = []
  for (let one = 2; primes.length < count; one += 1) if (primes.every((prime) => one % prime !== 0)) primes.push(one)
  return primes
}
const fractionOf = (root: number): number => Math.floor((root % 1) * 2 ** 32)
const START = primesOf(8).map((prime) => fractionOf(Math.sqrt(prime)))
const ROUNDS = Uint32Array.from(primesOf(64), (prime) => fractionOf(Math.cbrt(prime)))
