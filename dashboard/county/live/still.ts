import type { LiveStore } from './store.ts'
import { EMPTY_VIEW } from './view.ts'

/** A live view that says nothing: for whoever may not see stock no socket is opened and nobody is asked. */
export const openStill = (): LiveStore => {
  const state = { view: EMPTY_VIEW, link: 'connecting', heardMs: null, snapshots: 0 } as const
  return { subscribe: () => () => undefined, state: () => state, hurry: () => undefined, close: () => undefined }
}
