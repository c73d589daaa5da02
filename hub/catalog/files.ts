import { createHash, randomUUID } from 'node:crypto'
import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import type { FileView } from '@lotkeeper/protocol/api/hub-catalog.ts'
import { isRefusal, type Refusal, refuse } from '@lotkeeper/protocol/refusals.ts'

/** Scanned papers, each kept once under the SHA-256 of its bytes in a folder beside the database; records hold the hash only. */
export interface Files {
  /** Keeps the bytes; the same bytes again are the same file. What they are is told by how they begin, not by who sends them. */
  readonly save: (bytes: Uint8Array) => FileView | Refusal
  readonly has: (file: string) => boolean
  readonly read: (file: string) => { readonly view: FileView; readonly bytes: Uint8Array } | Refusal
}

/** Nothing is made before the first file is kept. */
export const openFiles = (folder: string): Files => {
  const at = (file: string) => join(folder, file)
  const begun = { swept: false }
  const has: Files['has'] = (file) => isHash(file) && existsSync(at(file))
  const read: Files['read'] = (file) => {
    if (!has(file)) return refuse('api.not-found', { file })
    const bytes = readFileSync(at(file))
    const type = typeOf(bytes)
    // What the disk has changed is not the paper that was signed for.
    return type !== null && hashOf(bytes) === file
      ? { view: { file, type, bytes: bytes.length }, bytes }
      : refuse('catalog.file-damaged', { file })
  }
  const save: Files['save'] = (bytes) => {
    const type = typeOf(bytes)
    if (type === null) return refuse('catalog.file-type-unknown')
    const file = hashOf(bytes)
    try {
      mkdirSync(folder, { recursive: true })
      if (!begun.swept) sweep(folder)
      begun.swept = true
      if (isRefusal(read(file))) writeWhole(folder, at(file), bytes)
    } catch (cause) {
      if (isFull(cause)) return refuse('ledger.disk-full')
      throw cause
    }
    return { file, type, bytes: bytes.length }
  }
  return { has, read, save }
}

const hashOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex').toUpperCase()

/** How files of these types begin [ISO 32000-1 7.5.2; ITU-T T.81 B.1.1.3; PNG 5.2]. */
const BEGINNINGS: readonly { readonly type: FileView['type']; readonly begins: readonly number[] }[] = [
  { type: 'application/pdf', begins: [0x25, 0x50, 0x44, 0x46, 0x2d] },
  { type: 'image/jpeg', begins: [0xff, 0xd8, 0xff] },
  { type: 'image/png', begins: [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a] },
]

const typeOf = (bytes: Uint8Array): FileView['type'] | null =>
  BEGINNINGS.find(({ begins }) => begins.every((byte, at) => bytes[at] === byte))?.type ?? null

const isHash = (file: string): boolean => /^[0-9A-F]{64}$/.test(file)

/** A name is only ever seen with all of its bytes behind it, on disk. */
const writeWhole = (folder: string, path: string, bytes: Uint8Array): void => {
  const part = join(folder, `${randomUUID()}${PART}`)
  try {
    writeFileSync(part, bytes, { flush: true, mode: 0o600 })
    renameSync(part, path)
    const opened = openSync(folder, 'r')
    try {
      fsyncSync(opened)
    } finally {
      closeSync(opened)
    }
  } catch (cause) {
    rmSync(part, { force: true })
    throw cause
  }
}
const PART = '.part'

/** What a process that died meanwhile left half written. */
const sweep = (folder: string): void => {
  for (const name of readdirSync(folder)) if (name.endsWith(PART)) rmSync(join(folder, name), { force: true })
}

const isFull = (cause: unknown): boolean => ['ENOSPC', 'EDQUOT'].includes((cause as NodeJS.ErrnoException).code ?? '')
