import { BlockList, isIP } from 'node:net'
import { type Refusal, refuse } from '@lotkeeper/protocol/refusals.ts'
import type { Asked } from './server.ts'

/**
 * Which requests are looked at: those to a name of this node, from this node's own page or from no page at all. A page of another site may do no
 * more than lead a person here: what it loads, frames, listens to or sends is refused, whatever the method, so that no answer comes near it.
 */
export const openGuard = (names: readonly string[]): ((asked: Asked) => Refusal | null) => {
  const own = new Set(names.map((name) => name.toLowerCase()))
  return ({ method, path, headers, secure }) => {
    const host = headers['host'] ?? ''
    // A target that names its own authority overrules `host` [RFC 9112 3.2.2]; browsers send none of that to a server, only to a proxy.
    if (!path.startsWith('/') || !isOwnHost(hostnameOf(host), own)) return refuse('access.origin-foreign', { host: host.slice(0, 100) })
    if (isOwnOrigin(headers, `${secure ? 'https' : 'http'}://${host}`.toLowerCase())) return null
    if (method === 'GET' && isLed(headers) && !path.startsWith('/api')) return null
    return refuse('access.origin-foreign', { origin: (headers['origin'] ?? '').slice(0, 100) })
  }
}

/** On every reply. Scripts come from this node alone; the component library writes its styles into the page. */
export const securityHeaders = (path: string): Readonly<Record<string, string>> => ({
  'content-security-policy': POLICY,
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'same-origin',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(self), microphone=(), geolocation=()',
  ...(path.startsWith('/api/') ? { 'cache-control': 'no-store' } : {}),
})

const POLICY = [
  "default-src 'self'",
  "img-src 'self' data: blob:",
  "style-src 'self' 'unsafe-inline'",
  "font-src 'self' data:",
  "worker-src 'self' blob:",
  "object-src 'none'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join('; ')

/** A page of another site can point its own name at this node's address (DNS rebinding); its requests then carry that name. */
const isOwnHost = (hostname: string, own: ReadonlySet<string>): boolean => {
  if (hostname === 'localhost' || own.has(hostname)) return true
  const version = isIP(hostname)
  return version !== 0 && PRIVATE.check(hostname, version === 6 ? 'ipv6' : 'ipv4')
}

/** A person followed a link of another site, in a window of its own. */
const isLed = (headers: Asked['headers']): boolean =>
  headers['origin'] === undefined && headers['sec-fetch-mode'] === 'navigate' && headers['sec-fetch-dest'] === 'document'

/** Browsers name the origin of a write and of whatever a page reads across origins; what sends none (a script, a till) is no browser, unless it says it comes from another site. */
const isOwnOrigin = (headers: Asked['headers'], own: string): boolean => {
  const origin = headers['origin']
  if (origin !== undefined) return origin.toLowerCase() === own
  const site = headers['sec-fetch-site']
  return site === undefined || site === 'same-origin' || site === 'none'
}

const hostnameOf = (host: string): string => {
  const bracketed = /^\[([^\]]+)\](?::\d+)?$/.exec(host)
  return (bracketed?.[1] ?? host.replace(/:\d+$/, '')).toLowerCase()
}

const PRIVATE = new BlockList()
for (const [network, prefix, version] of [
  ['127.0.0.0', 8, 'ipv4'],
  ['10.0.0.0', 8, 'ipv4'],
  ['172.16.0.0', 12, 'ipv4'],
  ['192.168.0.0', 16, 'ipv4'],
  ['169.254.0.0', 16, 'ipv4'],
  ['::1', 128, 'ipv6'],
  ['fc00::', 7, 'ipv6'],
  ['fe80::', 10, 'ipv6'],
] as const) {
  PRIVATE.addSubnet(network, prefix, version)
}
