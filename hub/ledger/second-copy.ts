import { closeSync, fstatSync, fsyncSync, ftruncateSync, openSync, readSync, writeSync } from 'node:fs'
import { join } from 'node:path'

/**
 * A file on another device to which what the hub writes itself is appended before anybody hears of it [ledger-and-sync 3]. One batch a line. Every
 * call may throw what the file system throws; what could not be appended whole is not there at all.
 */
export interface SecondCopy {
  /** The lines that are there, oldest first; a torn last one is none. */
  readonly lines: () => Iterable<string>
  /** Appends lines and waits until the device has them. */
  readonly append: (lines: readonly string[]) => void
  readonly close: () => void
}

/** The folder must be there: one that is made when it is missing would hide that the device is not. */
export const openSecondCopy = (folder: string): SecondCopy => {
  const path = join(folder, SECOND_COPY_FILE)
  let file: number | null = null
  let length = 0
  const close = () => {
    if (file !== null) closeSync(file)
    file = null
  }
  const opened = (): number => {
    if (file !== null) return file
    file = openSync(path, 'a+', 0o600)
    try {
      length = wholeLength(file)
      ftruncateSync(file, length)
      flushFolder(folder)
      return file
    } catch (cause) {
      close()
      throw cause
    }
  }
  return {
    lines: function* () {
      const from = opened()
      let rest = Buffer.alloc(0)
      for (let at = 0; at < length; ) {
        const chunk = Buffer.alloc(Math.min(CHUNK_BYTES, length - at))
        at += readSync(from, chunk, 0, chunk.length, at)
        const bytes = Buffer.concat([rest, chunk])
        const end = bytes.lastIndexOf(NEW_LINE)
        rest = bytes.subarray(end + 1)
        yield* bytes
          .subarray(0, Math.max(0, end))
          .toString('utf8')
          .split('\n')
          .filter((line) => line !== '')
      }
    },
    append: (lines) => {
      const to = opened()
      const bytes = Buffer.from(lines.map((line) => `${line}\n`).join(''))
      try {
        for (let at = 0; at < bytes.length; ) at += writeSync(to, bytes, at)
        fsyncSync(to)
        length += bytes.length
      } catch (cause) {
        // Opened anew the next time: what is there of a line that was not finished goes then.
        close()
        throw cause
      }
    },
    close,
  }
}

export const SECOND_COPY_FILE = 'hub-streams.ndjson'
const NEW_LINE = 0x0a
const CHUNK_BYTES = 1_048_576

/** Where the last whole line ends. */
const wholeLength = (file: number): number => {
  for (let end = fstatSync(file).size; end > 0; ) {
    const chunk = Buffer.alloc(Math.min(CHUNK_BYTES, end))
    readSync(file, chunk, 0, chunk.length, end - chunk.length)
    const at = chunk.lastIndexOf(NEW_LINE)
    if (at >= 0) return end - chunk.length + at + 1
    end -= chunk.length
  }
  return 0
}

/** A file that was just made is found again after a power cut only when its folder is flushed too. */
const flushFolder = (folder: string): void => {
  if (process.platform === 'win32') return
  const opened = openSync(folder, 'r')
  try {
    fsyncSync(opened)
  } finally {
    closeSync(opened)
  }
}
