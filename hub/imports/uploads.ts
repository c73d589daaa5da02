import { createHash } from 'node:crypto'
import { open } from 'node:fs/promises'
import { stop } from '../reference/stops.ts'

/** Writes what comes in to a file, one stretch after another, and answers its SHA-256; stops at one byte too many. */
export const writeUpload = async (file: string, bytes: AsyncIterable<Uint8Array>, bytesMax: number): Promise<string> => {
  await using opened = await open(file, 'w')
  const hash = createHash('sha256')
  let came = 0
  for await (const chunk of bytes) {
    came += chunk.length
    if (came > bytesMax) throw stop('imports.file-too-large', { limit: bytesMax })
    hash.update(chunk)
    await opened.writeFile(chunk)
  }
  return hash.digest('hex')
}
