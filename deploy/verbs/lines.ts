import type { Readable, Writable } from 'node:stream'
import { pipeline } from 'node:stream/promises'

/**
 * Joins stdin and stdout through `turn`, which gets the complete lines of each chunk and gives text to write. Nothing is read faster than it is
 * written, and a reader that goes away (`| head`) ends it quietly. A line longer than `lengthMax` arrives cut to one letter more.
 */
export const streamLines = async (
  turn: (chunks: AsyncIterable<readonly string[]>) => AsyncIterable<string>,
  { input, output, lengthMax }: { readonly input: Readable; readonly output: Writable; readonly lengthMax: number },
): Promise<void> => {
  try {
    await pipeline(input, (source: AsyncIterable<Uint8Array>) => linesOf(source, lengthMax), turn, output, { end: false })
  } catch (error) {
    if (!isGone(error)) throw error
  }
}

/** The lines of a byte stream, grouped as they arrived; the last one needs no line feed. */
export async function* linesOf(source: AsyncIterable<Uint8Array>, lengthMax: number): AsyncGenerator<readonly string[]> {
  const decoder = new TextDecoder()
  let rest = ''
  for await (const chunk of source) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n')
    // A line that never ends is cut, so that memory has a bound.
    rest = (lines.pop() ?? '').slice(0, lengthMax + 1)
    if (lines.length > 0) yield lines.map((line) => line.slice(0, lengthMax + 1))
  }
  const last = rest + decoder.decode()
  if (last !== '') yield [last]
}

const isGone = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && (error.code === 'EPIPE' || error.code === 'ERR_STREAM_PREMATURE_CLOSE')
