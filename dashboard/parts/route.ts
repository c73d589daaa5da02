import { useSyncExternalStore } from 'react'

/** Where in the page the reader is: `#/stock?site=qinglong` is page `stock` with one choice; `#/imports/7` is page `imports` with the choice `id`. */
export interface PageRoute {
  readonly page: string
  readonly choice: Readonly<Record<string, string>>
}

export const readRoute = (hash: string): PageRoute => {
  const [path = '', query = ''] = hash.replace(/^#\/?/, '').split('?')
  const [page = '', id] = path.split('/')
  return { page, choice: { ...(id ? { id } : {}), ...Object.fromEntries(new URLSearchParams(query)) } }
}

/** The address of a page with choices; empty choices are left out. */
export const hrefOf = (page: string, choice: Readonly<Record<string, string | undefined>> = {}): string => {
  const kept = Object.entries(choice).filter((pair): pair is [string, string] => pair[1] !== undefined && pair[1] !== '')
  return kept.length === 0 ? `#/${page}` : `#/${page}?${new URLSearchParams(kept)}`
}

export const goTo = (page: string, choice: Readonly<Record<string, string | undefined>> = {}): void => {
  window.location.hash = hrefOf(page, choice)
}

/** Changes choices of the page one is on without a step in the history: for filters. */
export const replaceChoice = (page: string, choice: Readonly<Record<string, string | undefined>>): void => {
  const href = hrefOf(page, choice)
  // What comes late, after the person went elsewhere, must not bring him back.
  if (pathOf(currentHash()) !== '' && pathOf(currentHash()) !== pathOf(href)) return
  window.history.replaceState(null, '', href)
  window.dispatchEvent(new HashChangeEvent('hashchange'))
}

export const useRoute = (): PageRoute => readRoute(useSyncExternalStore(subscribe, currentHash))

const currentHash = (): string => window.location.hash
const pathOf = (hash: string): string => hash.replace(/^#\/?/, '').split('?')[0] ?? ''
const subscribe = (changed: () => void): (() => void) => {
  window.addEventListener('hashchange', changed)
  return () => window.removeEventListener('hashchange', changed)
}
