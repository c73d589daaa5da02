import { type Refusal, refuse } from '@lotkeeper/protocol/refusals.ts'
import { isAddress } from './addresses.ts'

/** Where a request goes, read from a text somebody set: nothing of it is left to a second reader. */
export interface Target {
  readonly secure: boolean
  /** Lower case, as the certificate must name it; an IPv6 address without brackets. */
  readonly host: string
  readonly port: number
  /** Path and query, as they were written. */
  readonly path: string
  /** The settings name this host: it may lie in the county's own network. */
  readonly named: boolean
}

/** What the settings allow beyond the public internet: `his.county.local`, `his.county.local:9443`, `http://10.1.2.3:8080`. */
export interface Allowed {
  readonly secure: boolean
  readonly host: string
  /** `null`: the usual ports. */
  readonly port: number | null
}

/** Longest address that is taken; browsers and servers agree on about so much. */
export const URL_LENGTH_MAX = 2_000

/** The form of one entry of the setting `outgoingHosts`: an exact name or address, a port where it is another, `http://` where it has no TLS. */
export const ALLOWED_PATTERN = '^(?:http://)?(?:[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?|\\[[0-9a-f:]{2,39}\\])(?::[0-9]{1,5})?$'

/** Reads entries of the setting, which its schema holds to `ALLOWED_PATTERN`. */
export const allowedIn = (entries: readonly string[]): readonly Allowed[] =>
  entries.map((entry) => {
    const secure = !entry.startsWith('http://')
    const { host = '', port } = /^(?:http:\/\/)?(?<host>\[[^\]]+\]|[^:]+)(?::(?<port>[0-9]+))?$/.exec(entry)?.groups ?? {}
    return { secure, host: bare(host), port: port === undefined ? (secure ? null : HTTP_PORT) : Number(port) }
  })

/**
 * Reads an address strictly: one spelling of each, so that what is judged here is what is asked later. Refuses `outgoing.url-malformed`,
 * `outgoing.scheme-refused`, `outgoing.host-refused`, `outgoing.port-refused`.
 */
export const targetOf = (text: string, allowed: readonly Allowed[]): Target | Refusal => {
  const { scheme = '', host: written = '', port: portText, path = '/' } = FORM.exec(text)?.groups ?? {}
  if (written === '' || text.length > URL_LENGTH_MAX) return refuse('outgoing.url-malformed')
  const secure = scheme.toLowerCase() === 'https'
  const host = bare(written.toLowerCase())
  // The house reader and the strict one must agree: hex, octal, short and mixed spellings of addresses do not survive this.
  if (readHost(text) !== host) return refuse('outgoing.url-malformed')
  const port = portText === undefined ? (secure ? HTTPS_PORT : HTTP_PORT) : Number(portText)
  const named = allowed.filter((one) => one.host === host && one.secure === secure)
  if (!secure && named.length === 0) return refuse('outgoing.scheme-refused')
  if (named.length === 0 && !isPublicName(host)) return refuse('outgoing.host-refused', { host })
  const ports = named.length === 0 ? USUAL_PORTS : named.flatMap((one) => (one.port === null ? USUAL_PORTS : [one.port]))
  return ports.includes(port) ? { secure, host, port, path, named: named.length > 0 } : refuse('outgoing.port-refused', { port })
}

/**
 * Scheme, host, port, path: printable ASCII only. No user, no fragment, no back slash (some readers take it for a slash), no percent sign in the
 * host, no dot at its end.
 */
const FORM =
  /^(?<scheme>https?):\/\/(?<host>[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?|\[[0-9a-f:.]{2,45}\])(?::(?<port>[1-9][0-9]{0,4}))?(?<path>\/[\x21\x22\x24-\x5b\x5d-\x7e]*)?$/i

/** A name of the public internet: at least two labels, the last no number and none that stays inside. Addresses are for the settings to name. */
const isPublicName = (host: string): boolean => {
  const labels = host.split('.')
  const last = labels.at(-1) ?? ''
  if (isAddress(host) || labels.length < 2 || !labels.every((label) => LABEL.test(label))) return false
  return /[a-z]/.test(last) && !/^0x/.test(last) && !INSIDE.some((ending) => host.endsWith(ending))
}
const LABEL = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/
/** Names that never leave a network [RFC 6761, RFC 6762, RFC 8375]. */
const INSIDE = ['.localhost', '.local', '.internal', '.home.arpa', '.lan', '.intranet', '.localdomain', '.onion', '.test', '.invalid']

const readHost = (text: string): string | null => {
  try {
    return bare(new URL(text).hostname)
  } catch {
    return null
  }
}
const bare = (host: string): string => host.replace(/^\[|\]$/g, '')

const HTTPS_PORT = 443
const HTTP_PORT = 80
const USUAL_PORTS: readonly number[] = [HTTPS_PORT, 8_443]
