import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, symlinkSync, truncateSync } from 'node:fs'
import { join } from 'node:path'
import { SECOND_COPY_FILE } from '@lotkeeper/hub/ledger/second-copy.ts'

/** The device a hub keeps its second copy on; without one the hub has no such setting. */
export interface CopyDevice {
  /** The setting `secondCopy`. */
  readonly folder: () => string | null
  readonly fit: () => void
  /** From the next time the hub opens it on the device is gone, or has no room. */
  readonly fail: (how: 'gone' | 'full') => void
  readonly mend: () => void
  /** Everything that lies on it, readable or not just now. */
  readonly text: () => string
  readonly length: () => number
  /** What was written after the power went was not. */
  readonly cutTo: (bytes: number) => void
}

export const openCopyDevice = (folder: string): CopyDevice => {
  const [aside, file] = [`${folder}-aside`, join(folder, SECOND_COPY_FILE)]
  let fitted = false
  let how: 'gone' | 'full' | null = null
  const path = () => {
    if (how === null) return file
    return how === 'gone' ? join(aside, SECOND_COPY_FILE) : `${file}.aside`
  }
  return {
    folder: () => (fitted ? folder : null),
    fit: () => {
      mkdirSync(folder, { recursive: true })
      fitted = true
    },
    fail: (failing) => {
      how = failing
      if (failing === 'gone') return renameSync(folder, aside)
      if (existsSync(file)) renameSync(file, `${file}.aside`)
      symlinkSync('/dev/full', file)
    },
    mend: () => {
      if (how === 'gone') renameSync(aside, folder)
      if (how === 'full') {
        rmSync(file)
        if (existsSync(`${file}.aside`)) renameSync(`${file}.aside`, file)
      }
      how = null
    },
    text: () => (fitted && existsSync(path()) ? readFileSync(path(), 'utf8') : ''),
    length: () => (fitted && existsSync(path()) ? statSync(path()).size : 0),
    cutTo: (bytes) => {
      if (fitted && existsSync(path())) truncateSync(path(), bytes)
    },
  }
}
