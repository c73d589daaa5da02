import { lookup } from 'node:dns/promises'
import { type ClientRequest, type IncomingMessage, request as requestPlain } from 'node:http'
import { request as requestSecure } from 'node:https'
import { connect, type Socket } from 'node:net'
import { hostname, networkInterfaces } from 'node:os'
import { connect as connectSecure, rootCertificates } from 'node:tls'
import { isRefusal, type Refusal, refuse } from '@lotkeeper/protocol/refusals.ts'
import type { HubParts } from '../parts.ts'
import { isAddress, reachOf } from './addresses.ts'
import { type Allowed, type Target, targetOf } from './target.ts'

/**
 * The one door to every address that somebody set: each name is looked up here, every address it has is judged, and the very one that was judged
 * is connected to. Redirects are answers, never followed.
 */
export interface Outgoing {
  /** Whether an address may be asked at all, as far as it can be told now; a name that nobody knows at the moment passes. */
  readonly judge: (url: string) => Promise<Refusal | null>
  /**
   * Asks once. Refuses what `judge` refuses, and `outgoing.unreachable`, `outgoing.untrusted`, `outgoing.slow`, `outgoing.answer-malformed`.
   */
  readonly ask: (asked: OutgoingAsked) => Promise<OutgoingAnswer | Refusal>
}

export interface OutgoingAsked {
  readonly method: 'GET' | 'POST'
  readonly url: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
}

export interface OutgoingAnswer {
  readonly status: number
  readonly type: string
  /** As much as was taken, at most `ANSWER_BYTES_MAX`. */
  readonly bytes: Uint8Array
  /** The rest of the answer was not taken. */
  readonly cut: boolean
}

/** What the door borrows: the names, the wire and the certificates of the world, so that tests have a world of their own. */
export interface OutgoingParts {
  readonly allowed: readonly Allowed[]
  /** Names and addresses of this hub. */
  readonly own: () => readonly string[]
  readonly timers: HubParts['timers']
  readonly resolve?: (host: string) => Promise<readonly string[]>
  readonly dial?: (address: string, port: number) => Socket
  /** Authorities trusted beside the usual ones, PEM. */
  readonly authorities?: readonly string[]
}

/** Most of an answer that is read: a receiver says thanks, a directory of keys has a few kilobytes. */
export const ANSWER_BYTES_MAX = 65_536
/** Longest a question may take from the look-up to the end of its answer: a person who tests an address waits no longer than 15 s for the hub itself. */
export const ANSWER_MS_MAX = 12_000

export const openOutgoing = (parts: OutgoingParts): Outgoing => {
  const { allowed, own, timers, resolve = resolveByDns, dial = (host, port) => connect({ host, port }), authorities = [] } = parts
  const addressFor = async ({ host, named }: Target): Promise<string | Refusal> => {
    const ours = new Set(own().map((name) => name.toLowerCase()))
    if (ours.has(host)) return refuse('outgoing.own-address', { host })
    const addresses = isAddress(host) ? [host] : await resolve(host)
    const [first] = addresses
    if (first === undefined) return refuse('outgoing.unreachable', { why: 'ENOTFOUND' })
    if (addresses.some((address) => ours.has(address))) return refuse('outgoing.own-address', { host })
    // One bad address among good ones is how a name is made to change under a reader: all of them must be right.
    const isRight = (address: string) => reachOf(address) === 'public' || (named && reachOf(address) === 'inner')
    return addresses.every(isRight) ? first : refuse('outgoing.address-refused', { host })
  }
  const ca = [...rootCertificates, ...authorities]
  const socketTo = (target: Target, address: string): Socket => {
    const wire = dial(address, target.port)
    if (!target.secure) return wire
    const name = isAddress(target.host) ? {} : { servername: target.host }
    const trust = { rejectUnauthorized: true, minVersion: 'TLSv1.2', ...(authorities.length > 0 ? { ca } : {}) } as const
    const secure = connectSecure({ socket: wire, host: target.host, ...name, ...trust })
    wire.once('error', (cause) => secure.destroy(cause))
    return secure
  }
  const ask = async (asked: OutgoingAsked, ended: Ended): Promise<OutgoingAnswer | Refusal> => {
    const target = targetOf(asked.url, allowed)
    if (isRefusal(target)) return target
    const address = await addressFor(target)
    if (isRefusal(address) || ended.signal.aborted) return isRefusal(address) ? address : refuse('outgoing.slow')
    return answerTo(target, asked, { socket: socketTo(target, address), signal: ended.signal })
  }
  return {
    judge: async (url) => {
      const target = targetOf(url, allowed)
      if (isRefusal(target)) return target
      const address = await within(timers, () => addressFor(target).catch(() => UNKNOWN_NOW))
      return isRefusal(address) && address.code !== 'outgoing.unreachable' && address.code !== 'outgoing.slow' ? address : null
    },
    ask: (asked) => within(timers, (ended) => ask(asked, ended).catch(troubleOf)),
  }
}

/** Names and addresses of this machine, with those its settings give it. */
export const ownNames = (names: readonly string[]): readonly string[] => [
  ...['localhost', hostname(), ...names],
  ...Object.values(networkInterfaces()).flatMap((list) => (list ?? []).map(({ address }) => address)),
]

interface Ended {
  readonly signal: AbortSignal
}
const UNKNOWN_NOW = refuse('outgoing.unreachable', { why: 'ENOTFOUND' })

/** Whatever hangs - a look-up, a handshake, an answer that drips - ends at one moment. */
const within = async <Value>({ after }: HubParts['timers'], run: (ended: Ended) => Promise<Value>): Promise<Value | Refusal> => {
  const ending = new AbortController()
  const late = Promise.withResolvers<Refusal>()
  const cancel = after(ANSWER_MS_MAX, () => {
    ending.abort()
    late.resolve(refuse('outgoing.slow'))
  })
  try {
    return await Promise.race([run(ending), late.promise])
  } finally {
    cancel()
    ending.abort()
  }
}

/** IPv4 first: a county's line often has nothing else. */
const resolveByDns = async (host: string): Promise<readonly string[]> =>
  (await lookup(host, { all: true, order: 'ipv4first' })).map(({ address }) => address)

const answerTo = (target: Target, asked: OutgoingAsked, wire: { readonly socket: Socket; readonly signal: AbortSignal }) => {
  const told = Promise.withResolvers<OutgoingAnswer>()
  const request: ClientRequest = (target.secure ? requestSecure : requestPlain)({
    ...{ method: asked.method, path: target.path, host: target.host, port: target.port, signal: wire.signal },
    // The socket is given, so nothing is looked up or connected to a second time.
    createConnection: () => wire.socket,
    headers: {
      host: hostHeader(target),
      connection: 'close',
      ...asked.headers,
      ...(asked.body === undefined ? {} : { 'content-length': String(Buffer.byteLength(asked.body)) }),
    },
  })
  wire.socket.once('error', (cause) => request.destroy(cause))
  request.once('error', (cause) => {
    wire.socket.destroy()
    told.reject(cause)
  })
  request.once('response', (answer) => void readAnswer(answer).then(told.resolve, told.reject))
  request.end(asked.body)
  return told.promise.finally(() => {
    request.destroy()
    wire.socket.destroy()
  })
}

/** Reads what is needed of an answer and lets go of the rest unread. */
const readAnswer = async (answer: IncomingMessage): Promise<OutgoingAnswer> => {
  const chunks: Uint8Array[] = []
  let left = ANSWER_BYTES_MAX
  for await (const chunk of answer as AsyncIterable<Uint8Array>) {
    chunks.push(chunk.subarray(0, left))
    left -= chunk.length
    if (left < 0) break
  }
  return { status: answer.statusCode ?? 0, type: answer.headers['content-type'] ?? '', bytes: Buffer.concat(chunks), cut: left < 0 }
}

const hostHeader = ({ secure, host, port }: Target): string => {
  const name = host.includes(':') ? `[${host}]` : host
  return port === (secure ? 443 : 80) ? name : `${name}:${port}`
}

/** What the network said no with, in the house's words: only its short code is told on. Anything else is a bug of ours. */
const troubleOf = (cause: unknown): Refusal => {
  const code = cause instanceof Error && 'code' in cause && typeof cause.code === 'string' ? cause.code : null
  if (code === null) throw cause
  if (code === 'ABORT_ERR') return refuse('outgoing.slow')
  if (code.startsWith('HPE_')) return refuse('outgoing.answer-malformed', { why: code })
  if (UNTRUSTED.test(code)) return refuse('outgoing.untrusted', { why: code })
  return refuse('outgoing.unreachable', { why: code })
}
const UNTRUSTED = /CERT|^ERR_TLS|^ERR_SSL|SIGNATURE|^EPROTO$/
