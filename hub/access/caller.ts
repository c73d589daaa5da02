import type { HubAnswer } from '@lotkeeper/protocol/api/hub.ts'

/** A signed-in person, as the sign-in answered. */
export type Session = HubAnswer<'signIn'>
/** The session a token stands for, or null. */
export type Check = (token: string) => Session | null

/** What of a request says who it comes from. */
export interface Caller {
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  /** Whether it came over TLS. */
  readonly secure: boolean
}

/** The token a caller brings, by header or by cookie, or null. */
export const tokenOf = (caller: Caller): { readonly token: string; readonly by: 'bearer' | 'cookie' } | null => {
  const bearer = /^Bearer ([\x21-\x7e]{1,400})$/i.exec(String(caller.headers['authorization'] ?? ''))?.[1]
  if (bearer !== undefined) return { token: bearer, by: 'bearer' }
  const cookie = cookieIn(String(caller.headers['cookie'] ?? ''), cookieName(caller.secure))
  return cookie === null ? null : { token: cookie, by: 'cookie' }
}

/**
 * Whether a browser may send this from the page it shows. No `Origin`: no browser page sent it, or the browser holds it to be our own; a
 * foreign page cannot leave it out, and `SameSite=Strict` keeps our cookie from it besides.
 */
export const mayComeFrom = ({ headers }: Caller): boolean => {
  const origin = headers['origin']
  if (origin === undefined) return true
  try {
    return new URL(String(origin)).host === headers['host']
  } catch {
    return false
  }
}

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

const cookieIn = (header: string, name: string): string | null => {
  for (const pair of header.split(';')) {
    const equals = pair.indexOf('=')
    if (pair.slice(0, equals).trim() === name) return pair.slice(equals + 1).trim() || null
  }
  return null
}
