import { isNodeId, type NodeId } from '@lotkeeper/protocol/names.ts'

/** Who a client is: a node itself, or somebody with its certificate who only looks (`qinglong~anything`). */
export interface Member {
  readonly node: NodeId
  readonly observer: boolean
}

/** The member a client id and a certificate's common name make together, or `null` when they do not belong together. */
export const memberOf = (clientId: string, commonName: string | undefined): Member | null => {
  const [node = '', look] = clientId.split('~', 2)
  if (commonName === undefined || node !== commonName || !isNodeId(node)) return null
  return { node, observer: look !== undefined }
}
