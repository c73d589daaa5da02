import { createContext, useContext } from 'react'

/** Names of those whose ids stand in entries: asked once for the whole page, not by every row. */
export const NamesContext = createContext<ReadonlyMap<string, string>>(new Map())

/** Says who an id is; one that nobody knows stays as it stands. */
export const useWho = (): ((id: string) => string) => {
  const names = useContext(NamesContext)
  return (id) => names.get(id) || id
}

/** The name of whoever did something. */
export const Who = ({ id }: { readonly id: string }) => useWho()(id)
