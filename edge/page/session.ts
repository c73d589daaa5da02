import { createHmac, timingSafeEqual } from 'node:crypto'
import { base64urlOf, bytesOfBase64url } from '@lotkeeper/protocol/bytes.ts'
import type { NodeId } from '@lotkeeper/protocol/names.ts'
import type { Clock, Random } from '../parts.ts'

/** Who is signed in, and until when by the node's clock. */
export interface Session {
  readonly keeper: string
  readonly issuedMs: number
  readonly untilMs: number
  readonly nonce: string
}

/**
 * Sessions are signed cookies: they outlive a restart of the node, and nothing of them is kept but which were given back and when each was last used.
 * What nobody uses for a while ends.
 */
export interface Sessions {
  /** The `set-cookie` value of a new session. */
  readonly open: (keeper: string, secure: boolean) => { readonly session: Session; readonly cookie: string }
  readonly read: (cookies: string | undefined) => Session | null
  /** Somebody is at the page. */
  readonly touch: (session: Session) => void
  /** When it ends if nobody touches it, ms. */
  readonly idleAtMs: (session: Session) => number
  /** Ends a session before its time; the value of the `set-cookie` that takes the cookie away. */
  readonly end: (session: Session) => string
}

export const openSessions = (
  node: NodeId,
  { secret, idleMs }: { readonly secret: Uint8Array; readonly idleMs: number },
  parts: { readonly clock: Pick<Clock, 'now'>; readonly random: Pick<Random, 'bytes'> },
): Sessions => {
  // Cookies know no ports: nodes on one machine would sign each other out.
  const name = `lotkeeper-${node}`
  const ended = new Map<string, number>()
  const touchedMs = new Map<string, number>()
  // Nobody knows any more who was at the page before a restart: that counts as a touch.
  const openedMs = parts.clock.now()
  const idleAtMs = ({ nonce, issuedMs, untilMs }: Session) =>
    Math.min(untilMs, (touchedMs.get(nonce) ?? Math.max(issuedMs, openedMs)) + idleMs)
  const sealOf = (text: string) => new Uint8Array(createHmac('sha256', secret).update(text).digest())
  return {
    open: (keeper, secure) => {
      const issuedMs = parts.clock.now()
      const session = { keeper, issuedMs, untilMs: issuedMs + SESSION_MS, nonce: base64urlOf(parts.random.bytes(NONCE_BYTES)) }
      const text = [keeper, issuedMs, session.untilMs, session.nonce].join('|')
      const value = `${base64urlOf(Buffer.from(text))}.${base64urlOf(sealOf(text))}`
      return {
        session,
        cookie: `${name}=${value}; Path=/; HttpOnly; SameSite=Strict; Max-Age=${SESSION_MS / 1000}${secure ? '; Secure' : ''}`,
      }
    },
    read: (cookies) => {
      const session = sessionOf(cookieOf(cookies, name), sealOf)
      if (!session || ended.has(session.nonce)) return null
      const now = parts.clock.now()
      return now < idleAtMs(session) && now >= session.issuedMs - CLOCK_BACK_MS ? session : null
    },
    idleAtMs,
    touch: ({ nonce }) => {
      // Last used, last to be forgotten; whose use is forgotten signs in again.
      touchedMs.delete(nonce)
      touchedMs.set(nonce, parts.clock.now())
      for (const one of touchedMs.keys()) {
        if (touchedMs.size <= ENDED_MAX) break
        touchedMs.delete(one)
      }
    },
    end: ({ nonce, untilMs }) => {
      const now = parts.clock.now()
      for (const [one, until] of ended) if (until < now || ended.size >= ENDED_MAX) ended.delete(one)
      ended.set(nonce, untilMs)
      return `${name}=; Path=/; HttpOnly; SameSite=Strict; Max-Age=0`
    },
  }
}

const cookieOf = (cookies: string | undefined, name: string): string =>
  (cookies ?? '')
    .split(';')
    .map((one) => one.trim())
    .find((one) => one.startsWith(`${name}=`))
    ?.slice(name.length + 1) ?? ''

const sessionOf = (value: string, sealOf: (text: string) => Uint8Array): Session | null => {
  const [written = '', seal = '', more] = value.split('.')
  const bytes = bytesOfBase64url(written)
  const told = bytesOfBase64url(seal)
  if (!bytes || !told || bytes.length === 0 || more !== undefined) return null
  const text = Buffer.from(bytes).toString('utf8')
  const right = sealOf(text)
  if (told.length !== right.length || !timingSafeEqual(told, right)) return null
  const [keeper = '', issued, until, nonce = ''] = text.split('|')
  return { keeper, issuedMs: Number(issued), untilMs: Number(until), nonce }
}

/** A working day and the way home. */
const SESSION_MS = 12 * 3_600_000
/** A clock set back by more than this since the sign-in would let a session live on; the keeper signs in again. */
const CLOCK_BACK_MS = 3_600_000
const NONCE_BYTES = 12
const ENDED_MAX = 1_000
