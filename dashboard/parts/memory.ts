/** What a page remembers on this device between visits: small choices, never facts. */
export interface Memory {
  readonly read: (key: string) => string | null
  readonly write: (key: string, value: string) => void
}

/** The browser's memory; a browser that forbids it (private mode, blocked site data) just forgets. */
export const openMemory = (): Memory => ({
  read: (key) => {
    try {
      return window.localStorage.getItem(`${PREFIX}${key}`)
    } catch {
      return null
    }
  },
  write: (key, value) => {
    try {
      window.localStorage.setItem(`${PREFIX}${key}`, value)
    } catch {
      // A choice that cannot be kept is asked again next time: nothing is lost that counts.
    }
  },
})

const PREFIX = 'lotkeeper.'
