import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { brotliDecompressSync } from 'node:zlib'
import { type Page as ChromiumPage, chromium } from 'playwright-core'
import { decompress } from 'wawoff2'

/** A page in the tests' browser; tests name this type, only this file knows whose it is. */
export type Page = ChromiumPage

/** A browser with pages in Chinese. `await using browser = await openBrowser()` closes it with the test. */
export interface Browser extends AsyncDisposable {
  /** A page of its own, with cookies and storage of its own, in that size (default 1440 x 900). Certificates of a demo county are taken as they are. */
  readonly openPage: (size?: PageSize) => Promise<Page>
}

export interface PageSize {
  readonly width: number
  readonly height: number
}

/** A county's desk and a keeper's telephone: the sizes every page is looked at. */
export const DESK: PageSize = { width: 1440, height: 900 }
export const TELEPHONE: PageSize = { width: 390, height: 844 }

/**
 * Opens the browser that npm brought, unpacked once into `.cache/browser`, with Chinese letters that npm brought too; nothing of the system is
 * needed. `LOTKEEPER_BROWSER=/path/to/chromium` takes another one (npm has none for arm64).
 */
export const openBrowser = async (): Promise<Browser> => {
  const { executable, libraries } = unpackedBrowser()
  const browser = await chromium.launch({
    executablePath: executable,
    args: FLAGS,
    env: { ...ownEnvironment(), FONTCONFIG_FILE: await fontSettings(), ...(libraries === null ? {} : { LD_LIBRARY_PATH: libraries }) },
  })
  return {
    openPage: async (size = DESK) => {
      const context = await browser.newContext({
        locale: 'zh-CN',
        timezoneId: 'Asia/Shanghai',
        viewport: { ...size },
        ignoreHTTPSErrors: true,
      })
      return context.newPage()
    },
    [Symbol.asyncDispose]: () => browser.close(),
  }
}

/** Keeps what the page shows as `test/artifacts/<name>.png` (never committed); answers where. */
export const takeScreenshot = async (page: Page, name: string): Promise<string> => {
  const path = join(ROOT, 'test/artifacts', `${name}.png`)
  await page.screenshot({ path, animations: 'disabled' })
  return path
}

const ROOT = dirname(import.meta.dirname)
const CACHE = join(ROOT, '.cache/browser')

// As root, in a machine without a graphics card, and asking nobody on the internet for anything.
const FLAGS = ['--no-sandbox', '--disable-gpu', '--disable-background-networking']

const ownEnvironment = (): Record<string, string> => {
  const known = Object.entries(process.env).filter((entry): entry is [string, string] => entry[1] !== undefined)
  return Object.fromEntries(known)
}

interface Unpacked {
  readonly executable: string
  /** The folder with the libraries a bare Debian lacks (NSS), or null where the system has its own. */
  readonly libraries: string | null
}

const unpackedBrowser = (): Unpacked => {
  const told = process.env['LOTKEEPER_BROWSER']
  if (told !== undefined) return { executable: told, libraries: null }
  const packed = join(dirname(fileURLToPath(import.meta.resolve('@sparticuz/chromium'))), '../bin')
  const { version }: { readonly version: string } = JSON.parse(readFileSync(join(packed, '../package.json'), 'utf8'))
  const folder = join(CACHE, version)
  if (!existsSync(folder)) unpack(packed, folder)
  const executable = join(folder, 'chromium')
  const bundled = join(folder, 'libraries/lib')
  for (const libraries of [null, bundled]) if (starts(executable, libraries)) return { executable, libraries }
  throw new Error('the browser does not start; on Debian: apt-get install libnss3, or set LOTKEEPER_BROWSER to a chromium')
}

// Beside, then one rename: a cut while unpacking leaves no half browser, and two test files may unpack at once.
const unpack = (packed: string, folder: string): void => {
  const fresh = `${folder}-${process.pid}`
  mkdirSync(join(fresh, 'libraries'), { recursive: true })
  writeFileSync(join(fresh, 'chromium'), brotliDecompressSync(readFileSync(join(packed, 'chromium.br'))), { mode: 0o755 })
  const libraries = brotliDecompressSync(readFileSync(join(packed, 'al2023.tar.br')))
  const { status, stderr } = spawnSync('tar', ['-x', '-C', join(fresh, 'libraries')], { input: libraries })
  if (status !== 0) throw new Error(`tar could not unpack the libraries of the browser: ${stderr}`)
  moveInto(fresh, folder)
}

const moveInto = (fresh: string, folder: string): void => {
  try {
    renameSync(fresh, folder)
  } catch (error) {
    // Another test file was faster.
    if (!existsSync(folder)) throw error
    rmSync(fresh, { recursive: true })
  }
}

const starts = (executable: string, libraries: string | null): boolean => {
  const environment = libraries === null ? process.env : { ...process.env, LD_LIBRARY_PATH: libraries }
  return spawnSync(executable, ['--version', '--no-sandbox'], { env: environment, stdio: 'ignore' }).status === 0
}

/** Fontconfig's settings for a folder of Noto Sans SC: the package holds WOFF2, which a page may load but the system may not, so it is unpacked. */
const fontSettings = async (): Promise<string> => {
  const source = dirname(fileURLToPath(import.meta.resolve('@fontsource-variable/noto-sans-sc/package.json')))
  const { version }: { readonly version: string } = JSON.parse(readFileSync(join(source, 'package.json'), 'utf8'))
  const folder = join(CACHE, `fonts-${version}`)
  const settings = join(folder, 'fonts.conf')
  if (existsSync(settings)) return settings
  const fresh = `${folder}-${process.pid}`
  mkdirSync(fresh, { recursive: true })
  const names = readdirSync(join(source, 'files')).filter((name) => name.endsWith('-wght-normal.woff2'))
  for (const name of names)
    writeFileSync(join(fresh, name.replace('.woff2', '.ttf')), await decompress(readFileSync(join(source, 'files', name))))
  writeFileSync(join(fresh, 'fonts.conf'), SETTINGS)
  moveInto(fresh, folder)
  return settings
}

// Relative: a checkout may be moved with its cache.
const SETTINGS = `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir prefix="relative">.</dir>
  <dir>/usr/share/fonts</dir>
  <cachedir prefix="xdg">fontconfig</cachedir>
  ${['sans-serif', 'system-ui', 'serif'].map((family) => `<alias><family>${family}</family><prefer><family>Noto Sans SC Thin</family></prefer></alias>`).join('\n  ')}
</fontconfig>
`
