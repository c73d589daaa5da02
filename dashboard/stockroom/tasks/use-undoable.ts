import type { TaskView } from '@lotkeeper/protocol/api/node.ts'
import { placeOf } from '@lotkeeper/protocol/names.ts'
import { useNodeState } from '../stockroom.ts'

/** The entries of an answer that can be taken back: those that moved something. Taken back, the task waits again. */
export const useUndoable = (): ((task: TaskView, answer: string, entries: readonly string[]) => readonly string[]) => {
  const doors = useNodeState().value?.doors
  return (task, answer, entries) => {
    const inside = doors?.find(({ door }) => door === task.door)?.inside
    const stoodInside = task.tag?.place != null && placeOf(task.tag.place)?.room === inside
    return answer === 'out' || (answer === 'in' && !stoodInside) ? entries : []
  }
}
