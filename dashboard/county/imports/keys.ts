/** What a key means in the list of rows. */
export type KeyWish =
  | { readonly is: 'move'; readonly by: number }
  | { readonly is: 'turn'; readonly to: 'back' | 'forward' | 'first' | 'last' }
  | { readonly is: 'filter'; readonly by: number }
  | { readonly is: 'choose'; readonly at: number }
  | { readonly is: 'new' }
  | { readonly is: 'go' }
  | { readonly is: 'commit' }

interface Pressed {
  readonly key: string
  readonly altKey: boolean
  readonly ctrlKey: boolean
  readonly metaKey: boolean
  readonly isComposing: boolean
  readonly repeat: boolean
}

/** `null`: it means nothing here. Esc means nothing at all, so that it can lose nothing. */
export const wishOfKey = ({ key, altKey, ctrlKey, metaKey, isComposing, repeat }: Pressed): KeyWish | null => {
  if (altKey || ctrlKey || metaKey || isComposing) return null
  if (/^[1-9]$/.test(key)) return { is: 'choose', at: Number(key) - 1 }
  // A key that is held down must not write a batch.
  if (key === 'Enter') return repeat ? null : { is: 'commit' }
  return Object.hasOwn(WISHES, key) ? (WISHES[key] ?? null) : null
}

/** Whether what has the focus wants its keys for itself: a field all of them, a button only the one that presses it. */
export const keepsKey = (tag: string, key: string): boolean =>
  FIELDS.includes(tag) || ((tag === 'BUTTON' || tag === 'A' || tag === 'SUMMARY') && key === 'Enter')
const FIELDS: readonly string[] = ['INPUT', 'TEXTAREA', 'SELECT']

const WISHES: Readonly<Record<string, KeyWish>> = {
  ArrowDown: { is: 'move', by: 1 },
  ArrowUp: { is: 'move', by: -1 },
  ArrowRight: { is: 'filter', by: 1 },
  ArrowLeft: { is: 'filter', by: -1 },
  PageDown: { is: 'turn', to: 'forward' },
  PageUp: { is: 'turn', to: 'back' },
  Home: { is: 'turn', to: 'first' },
  End: { is: 'turn', to: 'last' },
  n: { is: 'new' },
  N: { is: 'new' },
  '0': { is: 'new' },
  g: { is: 'go' },
  G: { is: 'go' },
}
