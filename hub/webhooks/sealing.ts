import { createCipheriv, createDecipheriv } from 'node:crypto'

/** Keeps secrets under a key that lies apart from the database: a copy of the file alone signs nothing. */
export interface Sealing {
  /** `name` is what the secret belongs to: moved to another row it does not open. */
  readonly seal: (secret: string, name: string) => Uint8Array
  /** `null` when the key is another one, or the bytes were changed. */
  readonly open: (sealed: Uint8Array, name: string) => string | null
}

/** AES-256-GCM; `key` is 32 bytes, `random` makes nonces. */
export const openSealing = (key: Uint8Array, random: (count: number) => Uint8Array): Sealing => ({
  seal: (secret, name) => {
    const nonce = random(NONCE_BYTES)
    const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(name))
    const text = Buffer.concat([cipher.update(secret, 'utf8'), cipher.final()])
    return Buffer.concat([nonce, cipher.getAuthTag(), text])
  },
  open: (sealed, name) => {
    try {
      const nonce = sealed.subarray(0, NONCE_BYTES)
      const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG_BYTES }).setAAD(Buffer.from(name))
      decipher.setAuthTag(sealed.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES))
      return Buffer.concat([decipher.update(sealed.subarray(NONCE_BYTES + TAG_BYTES)), decipher.final()]).toString('utf8')
    } catch {
      return null
    }
  },
})
const NONCE_BYTES = 12
const TAG_BYTES = 16
