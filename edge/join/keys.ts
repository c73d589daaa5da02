import { randomBytes } from 'node:crypto'
import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { bytesOfBase64url } from '@lotkeeper/protocol/bytes.ts'
import type { SignedCertificate } from '@lotkeeper/protocol/wire/certificate.ts'
import { makeSigningKey } from '../crypto.ts'
import { fault } from '../faults.ts'

/** What a node holds in `<home>/keys`, 0600, apart from its database. Private keys are made here and never leave. */
export interface NodeKeys {
  /** Ed25519, PKCS#8 PEM: signs entries from the first one on, enrolled or not. */
  readonly signing: string
  /** 32 bytes: sessions of the page outlive a restart. */
  readonly sessionSecret: Uint8Array
  readonly enrolled: EnrolledKeys | null
  /** For what else only the node's owner may read. */
  readonly folder: KeyFolder
}

/** What the county gave at enrolment. */
export interface EnrolledKeys {
  /** Raw Ed25519 key of the county. */
  readonly countyKey: Uint8Array
  /** The node's own certificate and the hub's. */
  readonly certificates: readonly SignedCertificate[]
  readonly tls: CertifiedKey
  readonly page: CertifiedKey
  /** The county's TLS authority, PEM. */
  readonly authority: string
}
export interface CertifiedKey {
  readonly key: string
  readonly certificate: string
}

/** Reads the keys, and makes those a node needs before it is enrolled; a rotation that was broken off at its end is ended. Throws `keys.unreadable`. */
export const openKeys = (folder: string): NodeKeys => {
  adoptNext(folder)
  const files = openKeyFolder(folder)
  const secret = files.text('session.secret', () => randomBytes(32).toString('base64url'))
  const sessionSecret = bytesOfBase64url(secret)
  if (sessionSecret?.length !== 32) throw fault('keys.unreadable', { path: files.path('session.secret'), why: 'not 32 bytes' })
  return { signing: files.text('signing.key', makeSigningKey), sessionSecret, enrolled: readEnrolled(files), folder: files }
}

/** Keeps what the county gave; the last file written says that all of it is there. */
export const keepEnrolled = (folder: string, given: Enrolled): void => {
  const files = openKeyFolder(folder)
  files.write('tls.crt', given.tlsCertificate)
  files.write('page.crt', given.pageCertificate)
  files.write('authority.crt', given.authority)
  const { countyKey, certificates } = given
  files.write(ENROLMENT, `${JSON.stringify({ countyKey, certificates }, null, 2)}\n`)
}
/** Where the keys of a rotation are made. */
export const nextFolder = (folder: string): string => join(folder, 'next')

/** Puts the keys of a rotation in the place of the old ones if all of them are there, and says whether; the file that says so goes last. */
export const adoptNext = (folder: string): boolean => {
  const next = nextFolder(folder)
  if (!existsSync(join(next, ENROLMENT))) return false
  for (const name of [...ROTATED, ENROLMENT]) if (existsSync(join(next, name))) renameSync(join(next, name), join(folder, name))
  rmSync(next, { recursive: true })
  return true
}

export interface Enrolled {
  readonly tlsCertificate: string
  readonly pageCertificate: string
  readonly authority: string
  /** Base64url. */
  readonly countyKey: string
  readonly certificates: readonly SignedCertificate[]
}

/** A file of the folder; made by `make`, whole or not at all, when it is not there. */
export const openKeyFolder = (folder: string): KeyFolder => {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const path = (name: string) => join(folder, name)
  const write = (name: string, text: string) => {
    writeFileSync(path(`${name}.new`), text, { mode: 0o600, flush: true })
    chmodSync(path(`${name}.new`), 0o600)
    renameSync(path(`${name}.new`), path(name))
  }
  return {
    path,
    write,
    has: (name) => existsSync(path(name)),
    text: (name, make) => {
      try {
        if (!existsSync(path(name))) write(name, make())
        return readFileSync(path(name), 'utf8')
      } catch (cause) {
        throw fault('keys.unreadable', { path: path(name), why: textOf(cause) }, cause)
      }
    },
  }
}
export interface KeyFolder {
  readonly path: (name: string) => string
  readonly write: (name: string, text: string) => void
  readonly has: (name: string) => boolean
  readonly text: (name: string, make: () => string) => string
}

const ENROLMENT = 'enrolment.json'
const ROTATED = ['signing.key', 'tls.key', 'page.key', 'tls.crt', 'page.crt', 'authority.crt'] as const

const readEnrolled = (files: KeyFolder): EnrolledKeys | null => {
  if (!files.has(ENROLMENT)) return null
  const text = (name: string) =>
    files.text(name, () => {
      throw new Error('missing')
    })
  const { countyKey, certificates } = enrolmentOf(text(ENROLMENT), files.path(ENROLMENT))
  return {
    countyKey,
    certificates,
    tls: { key: text('tls.key'), certificate: text('tls.crt') },
    page: { key: text('page.key'), certificate: text('page.crt') },
    authority: text('authority.crt'),
  }
}

const enrolmentOf = (text: string, path: string): Pick<EnrolledKeys, 'countyKey' | 'certificates'> => {
  try {
    const value = JSON.parse(text) as { readonly countyKey: string; readonly certificates: readonly SignedCertificate[] }
    const countyKey = bytesOfBase64url(value.countyKey)
    if (countyKey?.length !== 32) throw new Error('no county key')
    return { countyKey, certificates: value.certificates.map(({ certificate, signature }) => ({ certificate, signature })) }
  } catch (cause) {
    throw fault('keys.unreadable', { path, why: textOf(cause) }, cause)
  }
}

const textOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))
