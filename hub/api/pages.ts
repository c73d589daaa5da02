import { existsSync } from 'node:fs'
import { join } from 'node:path'

/** Headers of every answer: nothing is sniffed, framed or told to other sites; the pages run what this hub serves and nothing else. */
export const SECURITY_HEADERS: Readonly<Record<string, string>> = {
  // Styles may be inline: the component library writes them. Scripts may not.
  'content-security-policy': [
    "default-src 'self'",
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "font-src 'self' data:",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join('; '),
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(self), geolocation=(), microphone=()',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
}

/** How long a browser may keep a file: what bears its content's hash in its name for ever, pages never unasked. */
export const cacheOf = (file: string): string => (/[/\\]assets[/\\]/.test(file) ? 'public, max-age=31536000, immutable' : 'no-cache')

/** The folder of the built pages, or null when it holds none. */
export const pagesIn = (folder: string | null): string | null => (folder !== null && existsSync(join(folder, INDEX)) ? folder : null)

/** The county page: what `/` shows, and every address of the page itself. */
export const INDEX = 'index.html'

/** Whether somebody asks for a page rather than for an answer or a file. */
export const wantsPage = (method: string, url: string, accept: string | undefined): boolean => {
  const path = url.split('?')[0] ?? ''
  return (
    (method === 'GET' || method === 'HEAD') && !path.startsWith('/api/') && !/\.\w+$/.test(path) && (accept ?? '').includes('text/html')
  )
}
