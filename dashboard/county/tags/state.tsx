import type { TagView } from '@lotkeeper/protocol/api/views.ts'
import { useSay } from '../words.ts'

/** Whether a tag stands for something still; one in use says nothing, for nearly all are. */
export const StateMark = ({ state }: { readonly state: TagView['state'] }) => {
  const say = useSay()
  if (state === 'live') return null
  return <span className={`mark ${state === 'retired' ? 'mark-near' : 'mark-plain'}`}>{say(`tag.state-${state}`)}</span>
}
