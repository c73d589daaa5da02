declare module 'sax' {
  export interface Parser {
    onopentag: (node: { readonly name: string }) => void
    onclosetag: (name: string) => void
    ontext: (text: string) => void
    oncdata: (text: string) => void
    ondoctype: (text: string) => void
    onerror: (error: Error) => void
    error: Error | null
    readonly write: (text: string) => Parser
    readonly close: () => Parser
  }
  export const parser: (strict: boolean, options?: { readonly position?: boolean; readonly trim?: boolean }) => Parser
}
