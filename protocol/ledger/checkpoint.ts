import { base64urlOf, bytesOfBase64url, sameBytes } from '../bytes.ts'
import type { EpochId } from '../names.ts'
import type { Parts, Signer } from '../parts.ts'
import type { TreeHead } from './tree.ts'

/** A tree's size and root as a text that is signed and kept by others [C2SP tlog-checkpoint, signed-note]. */
export interface Checkpoint extends TreeHead {
  /** Names the tree: `lotkeeper/<county key id>/<hub epoch>`. */
  readonly origin: string
}
/** A signing key with its public half, from which a note's key id follows. */
export type NoteSigner = Signer & { readonly publicKey: Uint8Array }

/** The origin of the tree that a hub of this county grows in one epoch. */
export const originOf = (countyKey: string, epoch: EpochId): string => `lotkeeper/${countyKey}/${epoch}`

/** The hub epoch an origin of ours names, or `null`. */
export const epochOfOrigin = (origin: string): EpochId | null => ORIGIN.exec(origin)?.[1] ?? null

/** The signed text of a checkpoint. */
export const writeCheckpoint = (parts: Parts, { origin, size, root }: Checkpoint, signer: NoteSigner): string => {
  const body = `${origin}\n${size}\n${base64Of(root)}\n`
  const signed = joined(noteKey(parts, origin, signer.publicKey), signer.sign(parts.utf8(body)))
  return `${body}\n\u2014 ${origin} ${base64Of(signed)}\n`
}

/** What a checkpoint's text says, signed by whomever; `null` when it is none. Further lines of the body (extensions) and further signatures may stand. */
export const readCheckpoint = (
  text: string,
): (Checkpoint & { readonly body: string; readonly signatures: readonly NoteSignature[] }) | null => {
  const end = text.lastIndexOf('\n\n')
  if (end < 0 || !text.endsWith('\n')) return null
  const body = text.slice(0, end + 1)
  const [origin = '', size = '', hash = '', ...extensions] = body.slice(0, -1).split('\n')
  const root = bytesOfBase64(hash)
  if (origin === '' || !/^(0|[1-9][0-9]{0,15})$/.test(size) || root?.length !== HASH_BYTES || extensions.includes('')) return null
  const signatures = text
    .slice(end + 2, -1)
    .split('\n')
    .map(readSignature)
  const read = signatures.filter((signature) => signature !== null)
  return read.length === signatures.length ? { origin, size: Number(size), root, body, signatures: read } : null
}

/** The checkpoint if one of the keys signed it under the tree's own name, else `null`. */
export const verifyCheckpoint = (parts: Parts, text: string, publicKeys: readonly Uint8Array[]): Checkpoint | null => {
  const read = readCheckpoint(text)
  if (!read) return null
  const { origin, size, root, body, signatures } = read
  const signed = publicKeys.some((publicKey) => {
    const key = noteKey(parts, origin, publicKey)
    return signatures.some(
      (one) => one.name === origin && sameBytes(one.key, key) && parts.verify(publicKey, parts.utf8(body), one.signature),
    )
  })
  return signed ? { origin, size, root } : null
}

/** One signature line of a note. */
export interface NoteSignature {
  readonly name: string
  /** 4 bytes that only help to find the key. */
  readonly key: Uint8Array
  readonly signature: Uint8Array
}

/** [C2SP signed-note]: the first 4 bytes of SHA-256(name || LF || 0x01 || public key), 0x01 standing for Ed25519. */
const noteKey = (parts: Parts, name: string, publicKey: Uint8Array): Uint8Array =>
  parts.sha256(parts.utf8(`${name}\n\x01`), publicKey).slice(0, KEY_BYTES)

const readSignature = (line: string): NoteSignature | null => {
  const [, name = '', base64 = ''] = /^\u2014 ([^ +]+) ([A-Za-z0-9+/]+=*)$/.exec(line) ?? []
  const bytes = bytesOfBase64(base64)
  return bytes && bytes.length > KEY_BYTES ? { name, key: bytes.slice(0, KEY_BYTES), signature: bytes.slice(KEY_BYTES) } : null
}

const base64Of = (bytes: Uint8Array): string => {
  const text = base64urlOf(bytes).replaceAll('-', '+').replaceAll('_', '/')
  return text.padEnd(Math.ceil(text.length / 4) * 4, '=')
}

const bytesOfBase64 = (text: string): Uint8Array | null => {
  if (text.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(text)) return null
  return bytesOfBase64url(text.replace(/=+$/, '').replaceAll('+', '-').replaceAll('/', '_'))
}

const joined = (one: Uint8Array, other: Uint8Array): Uint8Array => {
  const bytes = new Uint8Array(one.length + other.length)
  bytes.set(one)
  bytes.set(other, one.length)
  return bytes
}

const ORIGIN = /^lotkeeper\/[0-9A-F]{16}\/([0-9a-f]{16})$/
const HASH_BYTES = 32
const KEY_BYTES = 4
