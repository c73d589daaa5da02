import { request } from 'node:https'
import { connect, type DetailedPeerCertificate, type TLSSocket } from 'node:tls'
import { HUB_ROUTES, type HubAnswer, type HubBody } from '@lotkeeper/protocol/api/hub.ts'
import type { Parts } from '@lotkeeper/protocol/parts.ts'
import { authorityFingerprint } from '@lotkeeper/protocol/wire/enrolment.ts'
import { Compile } from 'typebox/compile'
import { fault } from '../faults.ts'

/**
 * The county's authority as the hub presents it in its TLS chain, PEM, if it is the one the code names. Nothing is sent and nothing else is
 * believed on this first connection.
 */
export const fetchAuthority = async (parts: Parts, hub: URL, fingerprint: string): Promise<string> => {
  const socket = await connected(hub)
  const chain = chainOf(socket.getPeerCertificate(true))
  socket.destroy()
  const authority = chain.find((one) => authorityFingerprint(parts, one.raw) === fingerprint)
  if (!authority) throw fault('join.authority-wrong', { hub: hub.origin })
  return pemOf(authority.raw)
}

/** Redeems the code over a connection that only this authority can vouch for. `tlsKey` is the hub's own key as it was used there, SPKI DER. */
export const redeem = async (
  hub: URL,
  authority: string,
  body: HubBody<'enrol'>,
): Promise<{ readonly answer: HubAnswer<'enrol'>; readonly hubCertificate: Uint8Array }> => {
  const { status, text, peer } = await post(hub, authority, JSON.stringify(body))
  const value = parsed(text)
  if (status !== 200) throw fault('join.refused', { why: refusalText(value) ?? `HTTP ${status}` })
  if (!answerCheck.Check(value)) throw fault('join.answer-wrong', { why: answerCheck.Errors(value)[0]?.message ?? 'no answer' })
  return { answer: value as HubAnswer<'enrol'>, hubCertificate: peer }
}

/** A county is on a LAN or a slow mobile line; a hub that says nothing for so long is not there. */
const ANSWER_MS = 20_000
/** The answer holds three certificates and a site. */
const ANSWER_BYTES_MAX = 262_144
const answerCheck = Compile(HUB_ROUTES.enrol.answer)

const connected = (hub: URL): Promise<TLSSocket> =>
  new Promise((resolve, reject) => {
    const socket = connect({ host: hostOf(hub), port: portOf(hub), rejectUnauthorized: false, ...namedHost(hub) })
    const fail = (why: string, cause?: unknown) => {
      socket.destroy()
      reject(fault('join.hub-unreachable', { hub: hub.origin, why }, cause))
    }
    socket.setTimeout(ANSWER_MS, () => fail('timeout'))
    socket.once('error', (error) => fail(error.message, error))
    socket.once('secureConnect', () => resolve(socket))
  })

const post = (
  hub: URL,
  authority: string,
  body: string,
): Promise<{ readonly status: number; readonly text: string; readonly peer: Uint8Array }> =>
  new Promise((resolve, reject) => {
    const fail = (cause: Error) => reject(fault('join.hub-unreachable', { hub: hub.origin, why: cause.message }, cause))
    const { method, path } = HUB_ROUTES.enrol
    const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) }
    const asked = request(
      { host: hostOf(hub), port: portOf(hub), path, method, headers, ca: authority, timeout: ANSWER_MS, agent: false, ...namedHost(hub) },
      (response) => {
        const peer = (response.socket as TLSSocket).getPeerCertificate().raw
        const chunks: Buffer[] = []
        let bytes = 0
        response.on('data', (chunk: Buffer) => {
          bytes += chunk.length
          if (bytes > ANSWER_BYTES_MAX) asked.destroy(new Error('the answer is too long'))
          else chunks.push(chunk)
        })
        response.on('end', () => resolve({ status: response.statusCode ?? 0, text: Buffer.concat(chunks).toString('utf8'), peer }))
      },
    )
    asked.once('timeout', () => asked.destroy(new Error('timeout')))
    asked.once('error', fail)
    asked.end(body)
  })

const hostOf = (hub: URL): string => hub.hostname.replace(/^\[|\]$/g, '')
const portOf = (hub: URL): number => Number(hub.port) || 443
/** SNI is for names; an address in it is forbidden [RFC 6066 3]. */
const namedHost = (hub: URL) => (/^[0-9.]+$|:/.test(hostOf(hub)) ? {} : { servername: hostOf(hub) })

const chainOf = (leaf: DetailedPeerCertificate): readonly DetailedPeerCertificate[] => {
  const chain: DetailedPeerCertificate[] = []
  for (let one: DetailedPeerCertificate | undefined = leaf; one?.raw && !chain.includes(one); one = one.issuerCertificate) chain.push(one)
  return chain
}

const pemOf = (der: Uint8Array): string =>
  `-----BEGIN CERTIFICATE-----\n${Buffer.from(der).toString('base64').replace(/.{64}/g, '$&\n').trimEnd()}\n-----END CERTIFICATE-----\n`

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

/** A problem in both languages [RFC 9457]. */
const refusalText = (value: unknown): string | null => {
  if (typeof value !== 'object' || value === null) return null
  const { title, titleEn, code } = value as Record<string, unknown>
  return typeof title === 'string' ? `${title}${typeof titleEn === 'string' ? ` / ${titleEn}` : ''} (${String(code ?? '')})` : null
}
