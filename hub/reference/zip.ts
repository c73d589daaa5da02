/// <reference path="./yauzl.d.ts" />
import { open as openFile } from 'node:fs/promises'
import yauzl from 'yauzl'
import type { Limits } from './limits.ts'
import { stop } from './stops.ts'

/** One file in the ZIP, not yet unpacked. */
export interface ZipEntry {
  readonly name: string
  readonly packedBytes: number
  readonly bytes: number
  /** Its bytes as they come out; stops at a bomb, however small it says it is. */
  readonly unpack: () => AsyncIterable<Uint8Array>
}

/** The one door of ZIP files: one entry after another, none of them on the disk, in memory never more than a stretch of one. */
export const zipEntries = async function* (file: string, limits: Limits): AsyncGenerator<ZipEntry, void, void> {
  const zip = await opened(file)
  try {
    if (zip.entryCount > limits.entriesMax) throw stop('reference.entries-too-many', { limit: limits.entriesMax })
    const entries = zip.eachEntry()[Symbol.asyncIterator]()
    for (;;) {
      const next = await entries.next().catch((cause: unknown) => Promise.reject(damaged('ZIP', cause)))
      if (next.done === true) return
      const entry = next.value
      const unpack = () => bytesOf(zip, entry, limits)
      yield { name: entry.fileName, packedBytes: entry.compressedSize, bytes: entry.uncompressedSize, unpack }
    }
  } finally {
    zip.close()
  }
}

const opened = async (file: string): Promise<yauzl.ZipFile> => {
  try {
    return await yauzl.openPromise(file, { lazyEntries: true, autoClose: false })
  } catch (cause) {
    // The list of what a ZIP holds stands at its end: without it the beginning tells whether it ever was one.
    throw stop((await beginsLikeZip(file)) ? 'reference.zip-truncated' : 'reference.not-a-zip', { why: String(cause) })
  }
}

const beginsLikeZip = async (file: string): Promise<boolean> => {
  await using opening = await openFile(file)
  const { buffer } = await opening.read(Buffer.alloc(4), 0, 4, 0)
  return buffer.toString('latin1') === 'PK\u0003\u0004'
}

const bytesOf = async function* (zip: yauzl.ZipFile, entry: yauzl.Entry, limits: Limits): AsyncGenerator<Uint8Array, void, void> {
  const bytesMax = Math.min(limits.entryBytesMax, Math.max(limits.ratioFreeBytes, entry.compressedSize * limits.ratioMax))
  const bomb = () => stop('reference.zip-bomb', { entry: entry.fileName })
  if (entry.uncompressedSize > bytesMax) throw bomb()
  let bytes = 0
  try {
    for await (const chunk of await zip.openReadStreamPromise(entry)) {
      bytes += (chunk as Uint8Array).length
      if (bytes > bytesMax) throw bomb()
      yield chunk as Uint8Array
    }
  } catch (cause) {
    throw cause instanceof Error && 'refusal' in cause ? cause : damaged(entry.fileName, cause)
  }
}

const damaged = (entry: string, cause: unknown) =>
  stop('reference.zip-damaged', { entry, why: cause instanceof Error ? cause.message : String(cause) })
