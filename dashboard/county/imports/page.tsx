import { useRoute } from '../../parts/route.ts'
import { ExportSheet } from './exports.tsx'
import { History } from './history.tsx'
import { ImportRun } from './run.tsx'
import { StartSheet } from './start.tsx'
import './imports.css'

/** Tables that come in and go out: a new import, what became of those before, and everything as a table; `#/imports/7` is one import. */
export const ImportsPage = () => {
  const { choice } = useRoute()
  const id = Number(choice['id'])
  if (Number.isSafeInteger(id) && id > 0) return <ImportRun key={id} id={id} again={choice['again'] === 'yes'} />
  return (
    <>
      <div className="imports-top">
        <StartSheet />
        <ExportSheet />
      </div>
      <History />
    </>
  )
}
