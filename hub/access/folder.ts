import { createPrivateKey, generateKeyPairSync, type KeyObject } from 'node:crypto'
import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fault } from '../faults.ts'

/** The folder of keys: readable by its owner only, every file written whole or not at all. */
export interface KeyFolder {
  readonly path: (name: string) => string
  readonly has: (name: string) => boolean
  /** The file's text; made, 0600, when absent. Written whole or not at all. */
  readonly text: (name: string, make: () => string) => string
  readonly write: (name: string, text: string) => void
  readonly drop: (name: string) => void
  /** The Ed25519 key in a file; made when absent. */
  readonly privateKey: (name: string) => KeyObject
}

export const openKeyFolder = (folder: string): KeyFolder => {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const path = (name: string) => join(folder, name)
  const write = (name: string, text: string) => {
    writeFileSync(path(`${name}.new`), text, { mode: 0o600, flush: true })
    chmodSync(path(`${name}.new`), 0o600)
    renameSync(path(`${name}.new`), path(name))
  }
  const text = (name: string, make: () => string): string => {
    if (!existsSync(path(name))) write(name, make())
    try {
      return readFileSync(path(name), 'utf8').trim()
    } catch (cause) {
      throw fault('keys.unreadable', { file: path(name), why: String(cause) }, cause)
    }
  }
  const made = () => generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
  return {
    path,
    has: (name) => existsSync(path(name)),
    write,
    drop: (name) => rmSync(path(name), { force: true }),
    text,
    privateKey: (name) => privateKeyIn({ path }, name, text(name, made)),
  }
}

/** The private key a PEM text holds. */
export const privateKeyIn = (file: Pick<KeyFolder, 'path'>, name: string, pem: string): KeyObject => {
  try {
    return createPrivateKey(pem)
  } catch (cause) {
    throw fault('keys.unreadable', { file: file.path(name), why: 'no private key' }, cause)
  }
}
