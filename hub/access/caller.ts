import type { HubAnswer } from '@lotkeeper/protocol/api/hub.ts'

/** A signed-in person, as the sign-in answered. */
export type Session = HubAnswer<'signIn'>
/** The session a token stands for, or null. */
export type Check = (token: string) => Session | null

/** What of a request says who it comes from. */
export interface Caller {
  readonly address: string
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  /** Whether it came over TLS. */
  readonly secure: boolean
}

/** The token a caller brings, by header or by cookie, or null. */
export const tokenOf = (
  caller: Pick<Caller, 'headers' | 'secure'>,
): { readonly token: string; readonly by: 'bearer' | 'cookie' } | null => {
  const bearer = /^Bearer ([\x21-\x7e]{1,400})$/i.exec(String(caller.headers['authorization'] ?? ''))?.[1]
  if (bearer !== undefined) return { token: bearer, by: 'bearer' }
  const cookie = cookieOf(caller, cookieName(caller.secure))
  return cookie === null ? null : { token: cookie, by: 'cookie' }
}

/**
 * Whether a browser may send this from the page it shows: the page is ours when its origin is the very address that is asked. Browsers name the
 * origin of a write and of whatever is read across origins; one that leaves it out still says by `Sec-Fetch-Site` when the page is another's
 * [Fetch Metadata]. What says neither is no browser page. `SameSite=Strict` keeps our cookie from foreign pages besides.
 */
export const mayComeFrom = ({ headers, secure }: Pick<Caller, 'headers' | 'secure'>): boolean => {
  const origin = headers['origin']
  if (origin === undefined) return OWN_FETCH.has(String(headers['sec-fetch-site'] ?? 'none'))
  try {
    const { protocol, host } = new URL(String(origin))
    // A page that came over plain HTTP may be anybody's on the way. Behind a proxy that ends TLS it is the other way about, and right.
    if (secure && protocol !== 'https:') return false
    return host !== '' && host === new URL(`${protocol}//${headers['host']}`).host
  } catch {
    return false
  }
}
const OWN_FETCH: ReadonlySet<string> = new Set(['same-origin', 'none'])

/** The cookie that signs a browser in until the session ends. */
export const cookieFor = (session: Session, secure: boolean, nowMs: number): string => {
  const seconds = Math.max(0, Math.floor((Date.parse(session.until) - nowMs) / 1000))
  return `${cookieName(secure)}=${session.token}; Path=/; HttpOnly; SameSite=Strict; Max-Age=${seconds}${secure ? '; Secure' : ''}`
}

/** The cookie that signs a browser out. */
export const cookieGone = (secure: boolean): string =>
  `${cookieName(secure)}=; Path=/; HttpOnly; SameSite=Strict; Max-Age=0${secure ? '; Secure' : ''}`

/** Cookies know no ports: hub, nodes, HTTP and HTTPS on one machine each need a name of their own [RFC 6265bis 4.1.3.2]. */
export const HTTP_COOKIE = 'lotkeeper-hub'
const HTTPS_COOKIE = '__Host-lotkeeper-hub'
const cookieName = (secure: boolean): string => (secure ? HTTPS_COOKIE : HTTP_COOKIE)

/** The value of a cookie a caller brings, or null; two different ones under one name are none: who planted the other is not known. */
export const cookieOf = ({ headers }: Pick<Caller, 'headers'>, name: string): string | null =>
  cookieIn(String(headers['cookie'] ?? ''), name)

const cookieIn = (header: string, name: string): string | null => {
  const values = new Set<string>()
  for (const pair of header.split(';')) {
    const equals = pair.indexOf('=')
    if (pair.slice(0, equals).trim() === name) values.add(pair.slice(equals + 1).trim())
  }
  const [value] = values
  return values.size === 1 && value !== undefined && value !== '' ? value : null
}
