import { existsSync } from 'node:fs'
import { join } from 'node:path'

/** Headers of every answer: nothing is sniffed, framed or told to other sites; the pages run what this hub serves and nothing else. */
export const SECURITY = {
  contentSecurityPolicy: {
    useDefaults: false,
    directives: {
      defaultSrc: ["'self'"],
      // Styles may be inline: the component library writes them. Scripts may not.
      styleSrc: ["'self'", "'unsafe-inline'"],
      imgSrc: ["'self'", 'data:', 'blob:'],
      fontSrc: ["'self'", 'data:'],
      objectSrc: ["'none'"],
      baseUri: ["'none'"],
      formAction: ["'self'"],
      frameAncestors: ["'none'"],
    },
  },
  crossOriginResourcePolicy: { policy: 'same-origin' },
  crossOriginOpenerPolicy: { policy: 'same-origin' },
  referrerPolicy: { policy: 'no-referrer' },
  xFrameOptions: { action: 'deny' },
  // The county's own authority vouches for the hub: where it is not installed yet, a page that may never be asked for without it is lost.
  strictTransportSecurity: false,
} as const
export const PERMISSIONS = 'camera=(self), geolocation=(), microphone=()'

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
