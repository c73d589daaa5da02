import { execFileSync } from 'node:child_process'
import { closeSync, cpSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** Whether this process may mount file systems; asked once, by doing it. */
export const mayMount = (): boolean => {
  const folder = mkdtempSync(join(tmpdir(), 'lotkeeper-mount-'))
  try {
    mount(folder, 1)
    unmount(folder)
    return true
  } catch {
    return false
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** A folder on a file system of its own with so little room that it can be filled. */
export interface SmallDisk extends Disposable {
  /** Takes every byte that is left. */
  readonly fill: () => void
  /** Gives back what was taken. */
  readonly makeRoom: () => void
}

/** Puts a folder whose owner stands still, with all in it, onto a small disk of its own. Disposed, the folder is as empty as before it was made. */
export const ontoSmallDisk = (folder: string, mb: number): SmallDisk => {
  const aside = mkdtempSync(join(tmpdir(), 'lotkeeper-aside-'))
  cpSync(folder, aside, { recursive: true, verbatimSymlinks: true })
  mount(folder, mb)
  cpSync(aside, folder, { recursive: true, verbatimSymlinks: true })
  rmSync(aside, { recursive: true })
  const ballast = join(folder, 'ballast')
  return {
    fill: () => fill(ballast),
    makeRoom: () => rmSync(ballast, { force: true }),
    [Symbol.dispose]: () => unmount(folder),
  }
}

/** Changes what a house finds in its settings at its next start. */
export const changeSettings = (file: string, change: object): void => {
  const settings = JSON.parse(readFileSync(file, 'utf8')) as object
  writeFileSync(file, JSON.stringify({ ...settings, ...change }))
}

const mount = (folder: string, mb: number): void =>
  void execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${mb}m`, 'lotkeeper-test', folder], { stdio: 'ignore' })
/** At once, whoever still has a file open in it. */
const unmount = (folder: string): void => void execFileSync('umount', ['-l', folder], { stdio: 'ignore' })

const fill = (path: string): void => {
  const file = openSync(path, 'a')
  try {
    for (const bytes of [1_048_576, 4_096]) {
      try {
        for (;;) writeSync(file, Buffer.alloc(bytes))
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error
      }
    }
  } finally {
    closeSync(file)
  }
}
