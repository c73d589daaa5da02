import { createHmac } from 'node:crypto'

/**
 * The headers a receiver checks [Standard Webhooks 1.0]: HMAC-SHA256 over `id.timestamp.body` under each secret, the newest first. `timestamp` is in
 * seconds, of this try, so that a receiver may refuse what is older than five minutes.
 */
export const signedHeaders = ({ id, atMs, body }: Signed, secrets: readonly string[]): Readonly<Record<string, string>> => {
  const timestamp = String(Math.floor(atMs / 1_000))
  const signatures = secrets.map((secret) => {
    const key = Buffer.from(secret.slice(SECRET_PREFIX.length), 'base64')
    return `v1,${createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64')}`
  })
  return { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': signatures.join(' ') }
}

/** A new `webhook-id`: it names one thing told, at every try. */
export const messageId = (random: (count: number) => Uint8Array): string => `msg_${Buffer.from(random(16)).toString('hex')}`

/** A new secret as a person copies it. */
export const secretOf = (bytes: Uint8Array): string => `${SECRET_PREFIX}${Buffer.from(bytes).toString('base64')}`
/** Bytes of a secret: the length of the hash, the most that makes it stronger. */
export const SECRET_BYTES = 32

interface Signed {
  readonly id: string
  readonly atMs: number
  readonly body: string
}
const SECRET_PREFIX = 'whsec_'
